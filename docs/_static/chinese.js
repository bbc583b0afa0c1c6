// What the search says on a Chinese page.
Documentation.addTranslations({
  locale: "zh_CN",
  plural_expr: "0",
  messages: {
    Searching: "正在搜索",
    "Search Results": "搜索结果",
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
      "没有找到。请换一个词，或者少写几个字。",
    "Search finished, found one page matching the search query.": ["找到 ${resultCount} 处。"],
    "Hide Search Matches": "不再标出搜索的词",
  },
});
