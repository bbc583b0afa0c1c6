"""What a web page sets around a report: where one is, tools, sharing, fonts, who edited it, the site's own footer."""

from __future__ import annotations

import re

from reportkit.model.spelling import squeezed

_LONGEST = 120
"""No line of a page's furniture that is told by its words is longer."""

_SHORT, _SHORT_TOOLS = 2, frozenset({"打印", "关闭", "分享", "首页", "登录", "注册", "收藏"})
_PARTS = re.compile(r"[\s|｜【】\[\]·•]+")
_SENTENCE = re.compile(r"[。；;]|，.*，")
_TOOL = re.compile(
    r"(?:我要)?打印(?:本页|此页|该页|页面|本文|文章|内容|预览)?|关闭(?:本页|此页|页面|窗口)?|返回(?:顶部|首页|上一?页|上一?级|列表|目录)?"
    r"|(?:加入|我要)?收藏(?:本页|此页|本站)?|(?:一键)?分享(?:到|至|给|文章)?|(?:我要|网页|页面|内容|政府网站)*(?:纠错|找错)|(?:设为)?首页|正文"
    r"|(?:文章|文字|页面)?字[体号](?:大小)?|(?:默认|超大|特大|较大|正常|大|中|小)+|(?:放大|缩小)(?:字[体号])?|恢复默认|双击滚屏|自动滚屏"
    r"|(?:新浪|腾讯)?微[博信]|(?:微信)?朋友圈|QQ(?:空间|好友)?|人人网|豆瓣|复制链接|更多|微信扫一扫|网站地图|关于我们|联系我们|隐私(?:声明|保护|政策)"
    r"|(?:网站|法律|版权|免责|隐私)声明|使用帮助|(?:网站)?无障碍(?:浏览|阅读)?|(?:进入)?(?:长者|关怀|老年|适老)(?:模式|版|助手|专区)?"
    r"|[繁简]体(?:中文|版)?|English|登录|注册|用户登录|RSS(?:订阅)?|TOP|听全文|(?:语音)?朗读|语音播报|尾页|上一页|下一页|第一页|最后一页"
    r"|扫码(?:阅读|分享|浏览)?|手机(?:版|阅读|浏览|查看)|网站支持IPv6|热词|热门搜索|搜索|移动端|客户端|小程序",
    re.IGNORECASE,
)
"""A tool alone; a line may have several of them."""

_WITH_VALUE = re.compile(
    r"(?:(?:我要)?分享(?:到|至|给)|字[体号]|(?:文章|信息)?(?:浏览|点击|访问|阅读)(?:次数|数|量|率|人次)|浏览|人气|责任编辑|责编"
    r"|上[一1]?[篇条]|下[一1]?[篇条]|前一[篇条]|后一[篇条]|(?:您|你)?(?:现在|当前|目前)?(?:所在)?的?(?:位置|页面)(?:是)?|网站标识码|政府网站标识码"
    r"|(?:网站)?备案(?:序|编)?号|ICP备案(?:号|编号)?|版权所有|网站(?:主办|承办|管理)(?:单位)?|主办(?:单位)?|承办(?:单位)?|技术支持(?:单位)?|运维单位"
    r"|打印(?:日期|时间|人)|导出(?:日期|时间))[:：].*",
    re.IGNORECASE,
)
"""What is furniture wherever it stands."""

_AT_HEAD = re.compile(
    r"(?:(?:信息|文章|稿件)?来源|(?:信息)?作者|(?:发布|公布|更新|生成|成文|公开|发文|印发|添加|录入|信息)?(?:时间|日期)|编辑|审核人?|审签|初审|复审|终审|校对"
    r"|录入人?|撰稿|供稿|信息提供|发布(?:机构|单位|人|者)|公开(?:机构|单位|主体|责任部门|目录|形式|方式|范围|类别|程序)|信息(?:分类|类别|名称|索引号?|有效性)"
    r"|主题(?:分类|词)|体裁(?:分类)?|组配分类|服务对象|发文(?:机关|字号|单位)|文[号种]|有效性|索引号|索取号|统一社会信用代码|关键[词字]|内容概述|所属栏目|栏目"
    r"|附件下载|文件下载|语种|时效性?|废止日期|生效日期)[:：].*",
    re.IGNORECASE,
)
"""What is furniture above the report, and below it; in the middle of it, it may be the report's own."""

_FREE = re.compile(
    r"\S{0,20}ICP[备证].*|\S{0,20}公网安备.*|(?:Copyright|©|版权所有).*|.{0,12}扫一扫.{0,30}|已是最[后前]一?[篇条页]|没有了"
    r"|相关(?:链接|文章|文档|阅读|信息|附件|新闻|稿件|解读|报道|资料)[:：]?|(?:https?|ftp)://\S+(?:\s+\d{1,3}/\d{1,3})?"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s+\d{1,2}:\d{2}(?::\d{2})?",
    re.IGNORECASE,
)
_CRUMBS = re.compile(r"[>»›＞→]")
_END_OF_PAGE = re.compile(
    r"责任编辑|责编|上[一1][篇条]|下[一1][篇条]|打印(?:本页|此页|该页)|关闭(?:本页|窗口)|分享(?:到|至)|扫一扫|网站标识码|ICP备|公网安备|版权所有|相关链接"
)
_SIGNED_ON = re.compile(r"[(（]?20\d\d年\d{1,2}月\d{1,2}日[)）]?|二[〇○零]..年.{1,3}月.{1,3}日")
_SIGNER = re.compile(
    r"[一-鿿()（）]{2,40}?(?:人民政府|办事处|街道|[镇乡]|政府|局|委|委员会|办|办公室|厅|院|中心|处|会|队|馆|所|站|公司)(?:[(（]章[)）])?"
)


def is_furniture(text: str, *, at_edge: bool = False) -> bool:
    """Return whether a line is of the page and not of the report; `at_edge`: it stands above or below the report."""
    if len(text) > _LONGEST:
        return False
    plain = squeezed(text)
    if _FREE.fullmatch(text.strip()) or _WITH_VALUE.fullmatch(plain) or _is_path(text):
        return True
    if at_edge and _AT_HEAD.fullmatch(plain) and not _SENTENCE.search(text):
        return True
    parts = [part.strip(":：/-,，、>") for part in _PARTS.split(text)]
    parts = [part for part in parts if part]
    return bool(parts) and all(_is_tool(part, at_edge) for part in parts) and not _is_word(parts)


def ends_page(text: str) -> bool:
    """Return whether a line of furniture is one that stands below a page's text only."""
    return bool(_END_OF_PAGE.search(squeezed(text)[:_LONGEST]))


def is_signature(text: str) -> bool:
    """Return whether a line is the name or the day with which a report is signed."""
    plain = squeezed(text)
    return len(plain) <= _LONGEST and bool(_SIGNED_ON.fullmatch(plain) or _SIGNER.fullmatch(plain))


def is_day(text: str) -> bool:
    """Return whether a line is the day on which a report is signed."""
    return len(text) <= _LONGEST and bool(_SIGNED_ON.fullmatch(squeezed(text)))


def _is_tool(part: str, at_edge: bool) -> bool:
    plain = squeezed(part)
    return bool(
        _TOOL.fullmatch(plain)
        or _WITH_VALUE.fullmatch(plain)
        or (at_edge and _AT_HEAD.fullmatch(plain))
        or _FREE.fullmatch(part)
    )


def _is_word(parts: list[str]) -> bool:
    """Whether the parts are but a word that a report may have alone in a line: 大, 更多, 中."""
    return len(parts) == 1 and len(parts[0]) <= _SHORT and parts[0] not in _SHORT_TOOLS


def _is_path(text: str) -> bool:
    """Whether a line says where one is: 首页 > 政务公开 > 年报."""
    return len(_CRUMBS.findall(text)) > 1 and not _SENTENCE.search(text)
