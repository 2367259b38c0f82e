import type { Construct } from 'constructs';
import { Component, type ComponentProps } from './component.js';
import { addJob, type JobProps } from './job.js';
import { marks } from '../../src/model/marks.js';
import type { ContainerProps } from './pod.js';
import { environmentOf } from './variables.js';

/** Props of a Task. */
export interface TaskProps extends ComponentProps, ContainerProps, JobProps {
  /**
   * `once`: for each content, so again when its image, command, variables or anything else of it changes;
   * `every-commit`: for each head commit as well.
   * @default 'once'
   */
  readonly runs?: 'once' | 'every-commit';
}

/** Something that runs to its end: an import, a cache that is warmed. Whatever it waits for, it has to try again itself. */
export class Task extends Component {
  constructor(scope: Construct, id: string, props: TaskProps) {
    super(scope, id, props);
    const { variables, headSha } = this.environment;
    addJob(this, props, {
      name: this.name,
      task: 'run',
      env: environmentOf(variables, props.variables),
      ...(props.runs === 'every-commit' && { annotations: { [marks.commit]: headSha } }),
    });
  }
}
