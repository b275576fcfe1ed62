// Makes the components livelier where JavaScript runs; every task works without it.
import { initAll } from './nhsuk.js'

initAll()

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}

// What was opened must not be printed folded away.
let opened = []
window.addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll('[data-print-open]:not([open])')]
  for (const details of opened) details.open = true
})
window.addEventListener('afterprint', () => {
  for (const details of opened) details.open = false
})
