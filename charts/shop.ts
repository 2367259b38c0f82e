import {
  type Construct,
  EnvironmentChart,
  type EnvironmentProps,
  Postgres,
  Seed,
  WebService,
  Worker,
} from 'bivouac/charts';

/** A small shop: a web page, its API, a database that starts with sample data, and a mailer for those who ask for it. */
export class Shop extends EnvironmentChart {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props);

    const database = new Postgres(this, 'database', {
      version: '16',
      seed: Seed.task({ image: this.image('seed') }),
    });
    const api = new WebService(this, 'api', {
      image: this.image('api'),
      port: 8080,
      readiness: '/healthz',
      public: true,
      variables: { DATABASE_URL: database.url, WEB_ORIGIN: this.publicUrl('web') },
      migrate: { command: ['npm', 'run', 'migrate'] },
    });
    new WebService(this, 'web', {
      image: this.image('web'),
      port: 3000,
      primary: true,
      variables: { API_URL: api.publicUrl },
    });
    new Worker(this, 'mailer', {
      image: this.image('api'),
      command: ['npm', 'run', 'mailer'],
      variables: { DATABASE_URL: database.url },
      optional: true,
    });
  }
}
