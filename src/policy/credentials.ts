interface Pattern {
  readonly what: string;
  readonly grammar: RegExp;
}

// Only forms that nothing else has: a rule that cries wolf is switched off.
const patterns: readonly Pattern[] = [
  { what: 'a private key', grammar: /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/ },
  { what: 'a GitHub token', grammar: /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,255})\b/ },
  { what: 'a GitLab token', grammar: /\bgl(?:pat|dt|rt|cbt|ptt|soat)-[A-Za-z0-9_-]{20,}/ },
  { what: 'an AWS access key', grammar: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/ },
  { what: 'a Google API key', grammar: /\bAIza[A-Za-z0-9_-]{35}\b/ },
  { what: 'a Google OAuth secret', grammar: /\bGOCSPX-[A-Za-z0-9_-]{28}\b/ },
  {
    what: 'a Slack token',
    grammar:
      /\bxox[abeprs]-[A-Za-z0-9-]{20,}|\bxapp-[0-9]-[A-Za-z0-9-]{20,}|hooks\.slack\.com\/services\/T[A-Z0-9]{6,}\/B[A-Z0-9]{6,}\/[A-Za-z0-9]{20,}/,
  },
  { what: 'a Stripe key', grammar: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{20,}/ },
  { what: 'an npm token', grammar: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { what: 'a PyPI token', grammar: /\bpypi-AgE[A-Za-z0-9_-]{50,}/ },
  { what: 'a Docker token', grammar: /\bdckr_pat_[A-Za-z0-9_-]{20,}/ },
  { what: 'a SendGrid key', grammar: /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b/ },
  { what: 'an API key', grammar: /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{40,}/ },
  { what: 'a Vault token', grammar: /\bhvs\.[A-Za-z0-9_-]{24,}/ },
  { what: 'an Age key', grammar: /\bAGE-SECRET-KEY-1[0-9A-Z]{50,}/ },
  { what: 'a JSON Web Token', grammar: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{16,}/ },
  { what: 'a bearer token', grammar: /\b[Bb]earer\s{1,4}(?=[A-Za-z._~+/-]{0,200}[0-9])[A-Za-z0-9._~+/-]{24,}/ },
  { what: 'a storage account key', grammar: /AccountKey=[A-Za-z0-9+/]{60,}={0,2}/ },
];
const hint =
  /PRIVATE KEY|gh[pousr]_|github_pat_|gl\w{2,4}-|AKIA|ASIA|AIza|GOCSPX|xox|xapp-|hooks\.slack|[rs]k_|npm_|pypi-|dckr_|SG\.|sk-|hvs\.|AGE-|eyJ|earer\s|AccountKey|:\/\//;

/** What kind of credential a text holds, e.g. "a GitHub token"; never the credential itself. Undefined: none that is known. */
export const credentialIn = (text: string): string | undefined => {
  if (!hint.test(text)) return undefined; // nearly every text ends here
  const found = patterns.find(({ grammar }) => grammar.test(text));
  return found?.what ?? (hasPassword(text) ? 'a password in a URL' : undefined);
};

const userInfo = /[a-z][a-z0-9+.-]{1,20}:\/\/([^\s/:@"'?#]{0,100}):([^\s/@"'?#]{1,200})@/gi;
const harmless =
  /^(?:\$[({].*|<.*>|\{\{.*|\*+|x{3,}|.*(?:password|passwd|changeme|example|secret|postgres|guest|root|admin|test|demo|trust).*)$/i;

/** A URL's password, unless it is a reference, a placeholder, the user's own name or a word that everybody knows. */
const hasPassword = (text: string): boolean =>
  [...text.matchAll(userInfo)].some(
    ([, user = '', password = '']) => password.length >= 6 && password !== user && !harmless.test(password),
  );

/** `DB_PASSWORD`, `api-key`, `--token`: not `TOKEN_URL`, `PASSWORD_FILE`, `SECRET_NAME`. */
export const isSecretName = (name: string): boolean =>
  /(?:^|[_.\-a-z])(?:passw(?:or)?d|secret|token|credentials?|api[_.-]?key|access[_.-]?key|private[_.-]?key|secret[_.-]?key|encryption[_.-]?key|signing[_.-]?key)$/i.test(
    name,
  ) && !/public|max|min|limit|count|ttl/i.test(name);

/** Whether a value of such a name is one that a machine made: long, mixed, without words, no reference, address or path. */
export const looksRandom = (value: string): boolean => {
  if (value.length < 16 || value.length > 400 || /\s|:\/\/|^\$[({]|^[./~]|^<|^\{\{/.test(value)) return false;
  if (/^[0-9.:+-]+$/.test(value) || !/[0-9]/.test(value) || !/[A-Za-z]/.test(value)) return false;
  const longest = Math.max(...value.split(/[-_.:/]/).map((part) => part.length));
  return (longest >= 12 && entropy(value) >= 3.2) || /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
};

/** Bits for each character (Shannon). */
const entropy = (text: string): number => {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
};
