// Light or dark: the system's wish until the reader chooses.

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

function saved() {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null; // storage can be forbidden
  }
}

export function startTheme(button) {
  if (saved()) root.dataset.theme = saved();
  button.addEventListener("click", () => {
    const now = root.dataset.theme ?? (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // then it lasts as long as the page
    }
  });
}
