// Runs before the page is drawn, so that nobody sees the other theme first. Without a choice the system decides.
const theme = localStorage.getItem('theme')
if (theme) document.documentElement.dataset.theme = theme
