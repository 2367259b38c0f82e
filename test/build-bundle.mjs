// Once before all suites: the command line is tested as it ships, as a bundle.
export default async function buildBundle() {
  const { bundle } = await import('../scripts/bundle.mjs');
  await bundle();
}
