/** The examples of docs/constructs.md, word for word: a test compares them, so that they type-check and run. */
import {
  EnvironmentChart,
  type EnvironmentProps,
  Postgres,
  Seed,
  Task,
  Teardown,
  WebService,
  Worker,
  type Construct,
} from 'bivouac/charts';

// EnvironmentChart
export class Blog extends EnvironmentChart {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props);

    const database = new Postgres(this, 'database');
    new WebService(this, 'web', {
      image: this.image('web'),
      port: 3000,
      primary: true,
      variables: { DATABASE_URL: database.url },
    });
  }
}
// end

/** One component of each kind, as the page shows it. */
export class Examples extends EnvironmentChart {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props);

    // Postgres
    const database = new Postgres(this, 'database', {
      version: '16',
      storage: '2Gi',
      seed: Seed.task({ image: this.image('seed'), command: ['load', '/fixtures'] }),
    });
    // end

    // Postgres with a password
    const ledger = new Postgres(this, 'ledger', {
      access: { secret: { name: 'ledger-login', key: 'password' } },
    });
    new Worker(this, 'bookkeeper', {
      image: this.image('api'),
      variables: { PGPASSWORD: ledger.password, LEDGER_URL: ledger.url },
    });
    // end

    // WebService
    const api = new WebService(this, 'api', {
      image: this.image('api'),
      port: 8080,
      readiness: '/healthz',
      public: true,
      size: 'medium',
      variables: { DATABASE_URL: database.url, WEB_ORIGIN: this.publicUrl('web') },
      migrate: { command: ['npm', 'run', 'migrate'] },
    });
    // end

    // References
    new WebService(this, 'web', {
      image: this.image('web'),
      port: 3000,
      primary: true,
      scratch: ['/var/cache/nginx'],
      variables: { API_URL: `${api.publicUrl}/v1`, INTERNAL_API_URL: `${api.internalUrl}/v1` },
    });
    // end

    // Worker
    new Worker(this, 'mailer', {
      image: this.image('api'),
      command: ['npm', 'run', 'mailer'],
      variables: { DATABASE_URL: database.url },
      optional: props.preset !== 'demo',
    });
    // end

    // Task
    new Task(this, 'search-index', {
      image: this.image('api'),
      command: ['npm', 'run', 'reindex'],
      variables: { API_URL: api.internalUrl },
      runs: 'every-commit',
    });
    // end

    // Teardown
    new Teardown(this, 'bucket', {
      image: this.image('api'),
      command: ['npm', 'run', 'empty-bucket'],
      variables: { DATABASE_URL: database.url },
      deadlineSeconds: 300,
    });
    // end
  }
}
