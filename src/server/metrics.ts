type Labels = Readonly<Record<string, string>>;

export interface Metrics {
  /** Adds to a counter. */
  count(name: string, labels?: Labels, by?: number): void;
  /** Adds to a histogram; seconds. */
  observe(name: string, seconds: number): void;
  /** Prometheus' text format, version 0.0.4. */
  print(): string;
}

export type MetricDefinition = { readonly help: string } & (
  | { readonly type: 'counter' }
  | { readonly type: 'gauge'; readonly read: () => number }
  | { readonly type: 'histogram' }
);

/** Upper bounds in seconds: around the second within which an environment is to be committed. */
const buckets = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 30, 120];

interface Histogram {
  readonly counts: number[];
  sum: number;
}

/** A registry of what is defined here and nothing else: a name that isn't is a mistake of ours. Label values must come from short lists. */
export const metricsOf = (definitions: Readonly<Record<string, MetricDefinition>>): Metrics => {
  const counters = new Map<string, Map<string, number>>();
  const histograms = new Map<string, Histogram>();
  for (const [name, { type }] of Object.entries(definitions)) {
    if (type === 'counter') counters.set(name, new Map());
    if (type === 'histogram') histograms.set(name, { counts: new Array<number>(buckets.length + 1).fill(0), sum: 0 });
  }
  const bodyOf = (name: string, definition: MetricDefinition): readonly string[] => {
    if (definition.type === 'gauge') return [`${name} ${definition.read()}`];
    if (definition.type === 'histogram') return printHistogram(name, known(histograms, name));
    return [...known(counters, name)].map(([labels, value]) => `${name}${labels} ${value}`);
  };
  return {
    count: (name, labels = {}, by = 1) => {
      const counter = known(counters, name);
      const key = printLabels(labels);
      counter.set(key, (counter.get(key) ?? 0) + by);
    },
    observe: (name, seconds) => {
      const histogram = known(histograms, name);
      const at = buckets.findIndex((bound) => seconds <= bound);
      const bucket = at < 0 ? buckets.length : at;
      histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
      histogram.sum += seconds;
    },
    print: () =>
      Object.entries(definitions)
        .flatMap(([name, definition]) => [
          `# HELP ${name} ${definition.help}`,
          `# TYPE ${name} ${definition.type}`,
          ...bodyOf(name, definition),
        ])
        .join('\n')
        .concat('\n'),
  };
};

const known = <Value>(of: ReadonlyMap<string, Value>, name: string): Value => {
  const found = of.get(name);
  if (found === undefined) throw new TypeError(`there is no such metric: ${name}`);
  return found;
};

const printLabels = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${value.replace(/[\\"\n]/g, '_')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
};

const printHistogram = (name: string, { counts, sum }: Histogram): readonly string[] => {
  let total = 0;
  const lines = counts.map((count, index) => {
    total += count;
    return `${name}_bucket{le="${buckets[index] ?? '+Inf'}"} ${total}`;
  });
  return [...lines, `${name}_sum ${sum}`, `${name}_count ${total}`];
};
