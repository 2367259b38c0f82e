import { App } from 'cdk8s';
import { Shop } from '../../charts/shop.js';
import type { EnvironmentSpec } from '../../src/model/environment.js';

/** The same chart as plain cdk8s writes it: compiled, its packages not bundled. */
const spec = JSON.parse(process.argv[2] ?? '') as EnvironmentSpec;
const app = new App();
new Shop(app, spec.application, spec);
process.stdout.write(app.synthYaml());
