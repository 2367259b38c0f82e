import { type Construct, EnvironmentChart, type EnvironmentProps, Postgres, WebService } from 'bivouac/charts';

/** A web page with a database that lives as long as the pull request. */
export class Hello extends EnvironmentChart {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props);

    const database = new Postgres(this, 'database');
    new WebService(this, 'web', {
      image: this.image('web'),
      port: 8080,
      primary: true,
      variables: { DATABASE_URL: database.url },
    });
  }
}
