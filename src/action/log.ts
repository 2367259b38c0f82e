/** Hides each value in all that the job prints from now on; of several lines each, since a log is masked line by line. */
export const masks = (secrets: readonly string[]): string =>
  secrets
    .flatMap((secret) => [secret, ...secret.split(/\r?\n/)])
    .filter((value, index, all) => value.trim().length > 3 && all.indexOf(value) === index)
    .map((value) => `::add-mask::${data(value)}\n`)
    .join('');

/** The command line as one may repeat it in a shell. */
export const commandShown = (argv: readonly string[]): string =>
  `[command]bivouac ${argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : quoted(word))).join(' ')}\n`;

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''").replaceAll(/[\r\n]+/g, ' ')}'`;

/** An annotation of the run. */
export const errorShown = (title: string, text: string): string =>
  `::error title=${data(title).replaceAll(':', '%3A').replaceAll(',', '%2C')}::${data(text)}\n`;

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** Who has to act, by exit code. */
const endings: Readonly<Record<number, string>> = {
  1: 'a defect in Bivouac: please report it',
  2: 'something in the configuration or the workflow has to be corrected',
  3: 'refused by a rule, or it won’t become ready by itself; what was deployed stays',
  4: 'the code host or the Git remote refused: check credentials and permissions',
  5: 'it couldn’t be finished now: run the job again',
};

/** What an exit code that isn't 0 means; the log above has the particulars. */
export const endingOf = (code: number): string =>
  `exit code ${code}: ${endings[code] ?? 'it was interrupted'}. The step’s log and the job’s summary say what and why.`;
