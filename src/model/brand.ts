declare const brand: unique symbol;

/** A string or number that only its validating function can mint, so that two of a kind can't be mixed up. */
export type Brand<Value, Name extends string> = Value & { readonly [brand]: Name };
