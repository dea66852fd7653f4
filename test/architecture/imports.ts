/** One import or re-export of a source file. */
export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const TOKEN = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\//g;
const FIXED = /^[ \t]*(?:import|export)\s+(type\s[^'";]*?from\s*|[^'";]*?\sfrom\s*|)'(\d+)'/gm;
const LAZY = /\b(?:import|require)\(\s*(?:'(\d+)'|`([^`]*)`)/g;

/** Splits a source into its code, where each quoted string is only its number, and those strings. Comments go; templates stay, since they hold code. */
function scan(source: string): { readonly code: string; readonly strings: readonly string[] } {
  const strings: string[] = [];
  const code = source.replace(TOKEN, (token) => {
    if (token.startsWith('/')) return ' ';
    return token.startsWith('`') ? token : `'${strings.push(token.slice(1, -1)) - 1}'`;
  });
  return { code, strings };
}

/** Returns the source without comments and without what its quoted strings say. */
export function bareCode(source: string): string {
  return scan(source).code;
}

/** Returns what a source file imports, re-exports and loads by `import()` or `require()`. */
export function importsOf(source: string): readonly Import[] {
  const { code, strings } = scan(source);
  const fixed = [...code.matchAll(FIXED)].map(([, clause = '', index]) => ({
    specifier: strings[Number(index)] ?? '',
    typeOnly: clause.startsWith('type'),
  }));
  const lazy = [...code.matchAll(LAZY)].map(([, index, template]) => ({
    specifier: template ?? strings[Number(index)] ?? '',
    typeOnly: false,
  }));
  return [...fixed, ...lazy];
}
