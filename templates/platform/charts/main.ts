import { sampleEnvironment } from 'bivouac/charts';
import { App } from 'cdk8s';
import { Hello } from './hello.js';

// What `npm run synth` runs: the chart's components for a pull request 7, in the ordinary way of cdk8s.
const app = new App();
new Hello(
  app,
  'hello',
  sampleEnvironment({ application: 'hello', pullRequest: '7', images: { web: 'ghcr.io/acme/hello:1' } }),
);
app.synth();
