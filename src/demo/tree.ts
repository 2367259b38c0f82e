/** Paths as the indented tree that people know from file browsers. */
export function treeOf(paths: readonly string[]): string {
  return branches(
    [...paths].sort().map((path) => path.split('/')),
    '  ',
  ).join('\n');
}

function branches(paths: readonly (readonly string[])[], indent: string): readonly string[] {
  const names = [...new Set(paths.map(([first]) => first ?? ''))];
  return names.flatMap((name, index) => {
    const last = index === names.length - 1;
    const below = paths.filter(([first, ...rest]) => first === name && rest.length > 0).map(([, ...rest]) => rest);
    const line = `${indent}${last ? '└── ' : '├── '}${name}${below.length > 0 ? '/' : ''}`;
    return [line, ...branches(below, `${indent}${last ? '    ' : '│   '}`)];
  });
}
