import { sampleEnvironment } from 'bivouac/charts';
import { App } from 'cdk8s';
import { Shop } from './shop.js';

// What `npx cdk8s-cli synth` runs: the chart's components for a pull request 42, without the frame.
const app = new App();
new Shop(
  app,
  'shop',
  sampleEnvironment({
    application: 'shop',
    pullRequest: '42',
    images: {
      api: 'ghcr.io/acme/shop-api:1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
      web: 'ghcr.io/acme/shop-web:1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
      seed: 'ghcr.io/acme/shop-seed:1.4.0',
    },
  }),
);
app.synth();
