import type { Construct } from 'constructs';
import { Component } from './component.js';
import { addDeployment, type WorkloadProps } from './deployment.js';
import { environmentOf } from './variables.js';

/** Props of a Worker. */
export type WorkerProps = WorkloadProps;

/** A process that runs all the time and that nobody connects to: a queue consumer, a mailer. */
export class Worker extends Component {
  constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id, props);
    addDeployment(this, props, {
      name: this.name,
      env: environmentOf(this.environment.variables, props.variables),
    });
  }
}
