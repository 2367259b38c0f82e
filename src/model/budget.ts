/**
 * What the frame makes of a preset's quota: requests are as written, limits and the largest container so many times as much. Pods of
 * throw-away environments idle most of the time, so limits may pass requests.
 */
export const budgetFactors = {
  limits: { cpu: 4, memory: 2 },
  container: { cpu: 2, memory: 1 },
} as const;
