// How many years of school a text asks for: the Flesch-Kincaid grade, with syllables counted by
// groups of vowels. Grade 7 is about the age of twelve.

function syllables(word) {
  const groups = word.toLowerCase().replace(/e$/, '').match(/[aeiouy]+/g)
  return Math.max(groups?.length ?? 0, 1)
}

/** The grade of some paragraphs; a paragraph without a full stop counts as one sentence. */
export function readingGrade(paragraphs) {
  const sentences = paragraphs.flatMap((text) => text.split(/[.!?:]+\s|[.!?]+$|\n/)).filter((text) => /\w/.test(text))
  const words = sentences.flatMap((text) => text.match(/[\p{L}'’]+/gu) ?? [])
  const spoken = words.reduce((sum, word) => sum + syllables(word), 0)
  return 0.39 * (words.length / sentences.length) + 11.8 * (spoken / words.length) - 15.59
}
