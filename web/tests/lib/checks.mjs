// What must hold on every page, whoever is looking: each check gives a list of faults.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds. It is evaluated, not added as a script, so that the policy stays in force. */
export async function accessibilityFaults(page) {
  await page.evaluate(axe)
  const options = { runOnly: rules, resultTypes: ['violations'] }
  const { violations } = await page.evaluate((options) => window.axe.run(options), options)
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

/** What sticks out to the right, so that one would have to scroll sideways. */
export function overflowFaults(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width) return []
    return [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .map((element) => `wider than the page: ${element.outerHTML.slice(0, 120)}`)
  })
}

/** Numbers, telephone numbers and dates that are broken over two lines. */
export function brokenFaults(page) {
  return page.evaluate(() => {
    // The lines of the text itself: the box of a block or a table cell is one box however full.
    const lines = (element) => {
      const tops = new Set()
      const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
      while (texts.nextNode()) {
        if (texts.currentNode.parentElement.closest('.nhsuk-u-visually-hidden')) continue
        const range = document.createRange()
        range.selectNodeContents(texts.currentNode)
        for (const box of range.getClientRects()) if (box.width > 0) tops.add(Math.round(box.top / 8))
      }
      return tops.size
    }
    return [...document.querySelectorAll('.c-whole, .c-phone, [data-identifier]')]
      .filter((element) => lines(element) > 1)
      .map((element) => `broken over lines: ${element.textContent.trim()}`)
  })
}

/** Everything that the keyboard reaches, forwards and back, but that something else covers. */
export async function hiddenFocusFaults(page) {
  const faults = []
  for (const key of ['Tab', 'Shift+Tab']) {
    for (let stop = 0; stop < 80; stop++) {
      await page.keyboard.press(key)
      const state = await page.evaluate(() => {
        const element = document.activeElement
        if (!element || element === document.body) return 'left the page'
        const box = element.getBoundingClientRect()
        const inside = (low, high, limit) => Math.min(Math.max((low + high) / 2, 1), limit - 1)
        const across = inside(box.left, box.right, innerWidth)
        const rows = [box.top + 2, (box.top + box.bottom) / 2, box.bottom - 2]
        const seen = rows.some((down) => {
          const top = document.elementFromPoint(across, down)
          return top && (element.contains(top) || top.contains(element) || top.closest('label')?.control === element)
        })
        return seen ? 'seen' : `hidden focus: ${element.outerHTML.slice(0, 120)}`
      })
      if (state === 'left the page') break
      if (state !== 'seen') faults.push(`${key}: ${state}`)
    }
  }
  return faults
}

/** Names and numbers of people in places that browsers remember or send on. */
export async function leakedFaults(page, secrets) {
  const places = [page.url(), await page.title()]
  const links = await page.$$eval('[href], [action], [src]', (elements) =>
    elements.map((element) => element.getAttribute('href') ?? element.getAttribute('action') ?? element.getAttribute('src'))
  )
  return [...places, ...links.filter((link) => !link.startsWith('tel:'))]
    .filter((place) => secrets.some((secret) => place.toLowerCase().includes(secret.toLowerCase())))
    .map((place) => `a name or number in ${place}`)
}
