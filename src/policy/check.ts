import type { Config } from '../config/config.js';
import type { EnvironmentSpec } from '../model/environment.js';
import { type Component, type Manifest, printObject } from '../model/manifest.js';
import type { ComponentName } from '../model/names.js';
import type { Violation } from '../model/outcome.js';
import { entriesOf, metadataOf } from './metadata.js';
import { podsOf } from './pods.js';
import type { PolicyObject, Rule, RuleContext, SetFinding } from './rule.js';
import { rules } from './rules/index.js';
import { checkShapes } from './rules/valid-shape.js';
import { textsOf } from './texts.js';

/**
 * Everything that speaks against publishing these components, in their order; empty: nothing does. Never throws, whatever it is given: what
 * has no readable shape is a violation, and the rules see the rest.
 */
export const check = (
  components: readonly Component[],
  { spec, config }: { readonly spec: EnvironmentSpec; readonly config: Config },
): readonly Violation[] => {
  const { readable, violations } = checkShapes(components);
  const objects = readable.flatMap(({ name, manifests }) => manifests.map((manifest) => describe(name, manifest)));
  const context: RuleContext = { spec, config, components: readable };
  const found = rules.flatMap((rule) => apply(rule, objects, context));
  const place = new Map(objects.map((object, index) => [object, index]));
  const rank = ({ object }: Found): number => (object === undefined ? -1 : (place.get(object) ?? -1));
  return [...violations, ...found.sort((a, b) => rank(a) - rank(b)).map(({ violation }) => violation)];
};

const describe = (component: ComponentName, manifest: Manifest): PolicyObject => {
  const pods = podsOf(manifest);
  const metadata = metadataOf(manifest, pods);
  return { component, manifest, pods, metadata, entries: entriesOf(metadata), texts: textsOf(manifest) };
};

interface Found {
  readonly object: PolicyObject | undefined;
  readonly violation: Violation;
}

/** Hardly any rule finds anything, so nothing is made for those that don't. */
const apply = (rule: Rule, objects: readonly PolicyObject[], context: RuleContext): readonly Found[] => {
  const found: Found[] = [];
  if ('set' in rule)
    for (const finding of rule.set(objects, context))
      found.push({ object: finding.object, violation: violation(rule.name, finding) });
  else
    for (const object of objects)
      for (const finding of rule.object(object, context))
        found.push({ object, violation: violation(rule.name, { ...finding, object }) });
  return found;
};

const violation = (rule: string, { object, component, field, message, remedy }: SetFinding): Violation => {
  const owner = object?.component ?? component;
  return {
    rule,
    severity: 'error',
    ...(owner !== undefined && { component: owner }),
    object: object ? printObject(object.manifest) : '',
    field,
    message,
    remedy,
  };
};
