import type { Construct } from 'constructs';
import { userError } from '../../src/model/errors.js';
import { marks } from '../../src/model/marks.js';
import { teardownSeconds } from '../../src/model/teardown.js';
import { Component, type ComponentProps } from './component.js';
import { jobSpec, type JobProps } from './job.js';
import { k8s } from './kplus.js';
import { labelsOf } from './marks.js';
import type { ContainerProps } from './pod.js';
import { environmentOf } from './variables.js';

/** Props of a Teardown. */
export interface TeardownProps extends ComponentProps, ContainerProps, Pick<JobProps, 'retries'> {
  /**
   * Seconds from its start on, 60 to 3600. The environment goes, whether this has ended or not, five minutes and the longest of these
   * after the removal: a controller that looks at Git every three minutes takes nothing of them.
   * @default 600
   */
  readonly deadlineSeconds?: number;
}

const never = '0 0 31 2 *'; // no 31st of February: not even a schedule that somebody resumes by hand fires

/**
 * What has to be done before an environment goes: a bucket emptied, a tenant taken off. It sleeps in Git as a suspended CronJob
 * `<component>-teardown`; a removal makes a Job of it, with nothing else running but StatefulSets that hold data. The same teardown
 * twice must do no harm.
 */
export class Teardown extends Component {
  /** @throws UserError InvalidDeadline */
  constructor(scope: Construct, id: string, props: TeardownProps) {
    super(scope, id, props);
    const { deadlineSeconds = teardownSeconds.usual } = props;
    const { least, most } = teardownSeconds;
    if (!Number.isInteger(deadlineSeconds) || deadlineSeconds < least || deadlineSeconds > most)
      throw userError('InvalidDeadline', `deadlineSeconds of "${id}" is ${deadlineSeconds}`, {
        where: this.node.path,
        remedy: `Give whole seconds from ${least} to ${most}.`,
      });
    const name = `${this.name}-teardown`;
    new k8s.KubeCronJob(this, 'cronjob', {
      metadata: { name, labels: labelsOf(name), annotations: { [marks.teardown]: 'true' } },
      spec: {
        schedule: never,
        suspend: true,
        concurrencyPolicy: 'Forbid',
        jobTemplate: {
          spec: jobSpec(
            { ...props, deadlineSeconds },
            { name, task: 'teardown', env: environmentOf(this.environment.variables, props.variables) },
          ),
        },
      },
    });
  }
}
