/** A function that takes secrets out of whatever is about to be shown, by value and in the encodings they travel in. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= 6)
    .flatMap(encodings)
    .sort((a, b) => b.length - a.length);
  const unique = [...new Set(forms)];
  return (text) => unique.reduce((clean, form) => clean.replaceAll(form, '[secret]'), text);
}

/** The same for data that may hold them in any text. */
export const cleanedBy = <Value extends object>(clean: (text: string) => string, value: Value): Value => {
  const text = JSON.stringify(value);
  const shown = clean(text);
  return shown === text ? value : (JSON.parse(shown) as Value);
};

const encodings = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret, 'utf8');
  const basic = Buffer.from(`x-access-token:${secret}`, 'utf8').toString('base64');
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    basic.replace(/=+$/, ''),
  ];
};

/** One line that can't start a workflow command, move a cursor or fake a second line. */
export const oneLine = (text: string): string =>
  text
    .replace(/[\r\n\u0085\u2028\u2029]+/g, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/^(\s*)::/, '$1: :');
