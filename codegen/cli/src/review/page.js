const boxes = [...document.querySelectorAll("nav input[type=checkbox]")];
const search = document.querySelector("nav input[type=search]");
const count = document.querySelector("nav output");
const articles = [...document.querySelectorAll("article")];
function filter() {
  const wanted = boxes.filter((box) => box.checked).map((box) => box.value);
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const article of articles) {
    const groups = article.dataset.groups.split(" ");
    const fits = wanted.length === 0 || wanted.some((group) => groups.includes(group));
    const text = article.dataset.text;
    article.hidden = !(fits && words.every((word) => text.includes(word)));
    if (!article.hidden) shown += 1;
  }
  count.value = `${shown} of ${articles.length}`;
}
for (const box of boxes) box.addEventListener("change", filter);
search.addEventListener("input", filter);
filter();
