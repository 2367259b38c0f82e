import { sampleEnvironment, type SampleProps } from '../../charts/constructs/sample.js';

/** An environment of the reference application. */
export const shopEnvironment = (props: SampleProps = {}) =>
  sampleEnvironment({
    images: {
      api: 'ghcr.io/acme/shop-api:1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
      web: 'ghcr.io/acme/shop-web:1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
      seed: 'ghcr.io/acme/shop-seed:1.4.0',
    },
    ...props,
  });
