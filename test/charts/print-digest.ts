import { createHash } from 'node:crypto';
import { shopEnvironment } from './shop-environment.js';
import { Shop } from '../../charts/shop.js';

// Run as a program of its own, under another locale and time zone.
const synthesis = Shop.synthesize(
  shopEnvironment({ with: ['mailer'], variables: { tt: '1', Z: '2', a: '3', ä: '4' } }),
);
const digest = createHash('sha256').update(JSON.stringify(synthesis)).digest('hex');
process.stdout.write(JSON.stringify({ digest, locale: new Intl.Collator().resolvedOptions().locale }));
