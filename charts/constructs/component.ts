import { Construct } from 'constructs';
import type { EnvironmentSpec } from '../../src/model/environment.js';
import { userError } from '../../src/model/errors.js';
import type { Reference } from './references.js';
import { isTop, scopeOf } from './scope.js';

/** What every component may be told. */
export interface ComponentProps {
  /**
   * Comes only when it is asked for (`bivouac:with-<name>`, `--with <name>`) or another component refers to it.
   * May be computed from the environment: `optional: props.preset !== 'benchmark'`.
   * @default false
   */
  readonly optional?: boolean;
}

/** One part of an application, directly below its chart; its id is its name. */
export abstract class Component extends Construct {
  /** Whether it comes only when asked for or needed. */
  readonly optional: boolean;
  /** Of the component, its workload and its Service: its id. */
  readonly name: string;
  protected readonly environment: EnvironmentSpec;

  /** @throws UserError OutsideChart, NestedComponent: fence, host and file of a component go by its name */
  constructor(scope: Construct, id: string, props: ComponentProps) {
    super(scope, id);
    this.optional = props.optional ?? false;
    this.name = id;
    this.environment = scopeOf(this).environment;
    if (!isTop(this)) throw nested(this);
  }

  /** A value that others may refer to, and need this component by. */
  protected offer(property: string, value: string): Reference {
    return scopeOf(this).references.define(this, property, value);
  }
}

const nested = ({ node }: Construct): Error =>
  userError('NestedComponent', `the component "${node.path}" isn’t directly below the chart`, {
    where: node.path,
    remedy: 'Make it with the chart as its scope.',
  });
