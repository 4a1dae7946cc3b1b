// Pages work without this; it makes them quicker to use.
const root = document.documentElement

function showTheme() {
  const chosen = root.dataset.theme ?? ''
  for (const button of document.querySelectorAll('[data-theme-set]'))
    button.setAttribute('aria-pressed', String(button.dataset.themeSet === chosen))
}

addEventListener('click', event => {
  const button = event.target.closest('[data-theme-set]')
  if (!button) return
  if (button.dataset.themeSet) {
    root.dataset.theme = button.dataset.themeSet
    localStorage.setItem('theme', button.dataset.themeSet)
  } else {
    delete root.dataset.theme
    localStorage.removeItem('theme')
  }
  showTheme()
})

showTheme()
