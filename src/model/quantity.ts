/** A Kubernetes quantity in billionths of its unit: exact, so that sums don't drift. */
export type Quantity = bigint;

const grammar = /^([+-]?)(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2}|[KMGTPE]i|[numkMGTPE]?)$/;
const decimals: Readonly<Record<string, number>> = {
  n: 0,
  u: 3,
  m: 6,
  '': 9,
  k: 12,
  M: 15,
  G: 18,
  T: 21,
  P: 24,
  E: 27,
};
const binary = 'KMGTPE';

/** Reads `500m`, `1.5Gi`, `2e3`; undefined: no quantity. What is finer than a billionth is rounded up, as Kubernetes does. */
export const parseQuantity = (value: string | number): Quantity | undefined => {
  const text = String(value);
  const [, sign, digits = '', suffix = ''] = text.length > 64 ? [] : (grammar.exec(text) ?? []);
  if (sign === undefined) return undefined;
  const [whole = '', fraction = ''] = digits.split('.');
  const size = scale(BigInt(whole + fraction), suffix, fraction.length);
  return sign === '-' ? -size : size;
};

const scale = (digits: bigint, suffix: string, places: number): bigint => {
  if (suffix.endsWith('i')) {
    const factor = 1024n ** BigInt(binary.indexOf(suffix.charAt(0)) + 1);
    return shift(digits * factor, 9 - places);
  }
  const exponent = suffix.length > 1 ? 9 + Number(suffix.slice(1)) : (decimals[suffix] ?? 9);
  return shift(digits, exponent - places);
};

const shift = (digits: bigint, places: number): bigint => {
  if (places >= 0) return digits * 10n ** BigInt(places);
  const divisor = 10n ** BigInt(-places);
  return (digits + divisor - 1n) / divisor;
};

/** As people write it: `1250m` of CPU, `1536Mi` of bytes, `3` pods; rounded up. */
export const printQuantity = (quantity: Quantity, unit: 'cpu' | 'bytes'): string => {
  const [size, name] = unit === 'cpu' ? [1_000_000n, 'm'] : [1_000_000_000n * 1024n * 1024n, 'Mi'];
  return `${(quantity + size - 1n) / size}${name}`;
};

/** For people: `350m` or `1.5` cores. */
export const printCores = (quantity: Quantity): string => {
  const thousandths = Number(quantity / 1_000_000n);
  return thousandths > 0 && thousandths < 1000 ? `${thousandths}m` : String(thousandths / 1000);
};

/** For people: `192Mi`, `1.5Gi`. */
export const printBytes = (quantity: Quantity): string => {
  const mebi = Number(quantity / 1_000_000_000n) / 2 ** 20;
  if (mebi === 0) return '0';
  return mebi >= 1024 ? `${rounded(mebi / 1024)}Gi` : `${rounded(mebi)}Mi`;
};

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** The same unit, several times as much: `500m` by 4 is `2000m`. */
export const times = (text: string, factor: number): string => {
  const [, digits, unit] = /^([0-9]+(?:\.[0-9]+)?)([A-Za-z]{0,2})$/.exec(text) ?? [];
  return digits === undefined ? text : `${rounded(Number(digits) * factor)}${unit ?? ''}`;
};
