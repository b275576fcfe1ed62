// First child of body, so that the page is not drawn twice: tells the style sheet that
// JavaScript runs. A file of its own because the content security policy forbids inline scripts.
document.body.classList.add('js-enabled', 'nhsuk-frontend-supported')
