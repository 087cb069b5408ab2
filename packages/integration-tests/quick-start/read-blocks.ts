/**
 * The code blocks of a Markdown page that a comment names: `<!-- quick start: NAME -->` right above the fence.
 *
 * @returns the text of each block by its name
 */
export function readBlocks(page: string): Record<string, string> {
  const blocks = page.matchAll(/<!-- quick start: (.+?) -->\n```\w*\n([\s\S]*?)\n```/g);
  return Object.fromEntries([...blocks].map(([, name, text]) => [name, text]));
}
