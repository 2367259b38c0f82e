import { type Problem, quote } from './issue.js';

const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const binary: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };
const form = /^(\d{1,18})(?:\.(\d{1,9}))?(?:([KMGTPE]i)|([numkMGTPE]?)|[eE]([+-]?\d{1,2}))$/;
/** For editors. */
export const quantityPattern = form.source;

/** A Kubernetes quantity in billionths, exactly (the last digit cut); undefined: it is none. Source: kubernetes.io, "Quantity". */
export const readQuantity = (text: string): bigint | undefined => {
  const [, whole, fraction = '', two, ten = '', exponent] = form.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const billionths = BigInt(whole + fraction.padEnd(9, '0'));
  if (two !== undefined) return billionths << (binary[two] ?? 0n);
  const power = exponent === undefined ? (decimal[ten] ?? 0) : Number(exponent);
  return power < 0 ? billionths / 10n ** BigInt(-power) : billionths * 10n ** BigInt(power);
};

/** What is wrong with a quantity that must be more than nothing. */
export const quantityProblem = (text: string): Problem | undefined => {
  const value = readQuantity(text);
  const remedy = 'Write e.g. 500m, 2 or 2Gi.';
  if (value === undefined) return { message: `${quote(text)} is no Kubernetes quantity.`, remedy };
  return value === 0n ? { message: `${quote(text)} is nothing.`, remedy } : undefined;
};
