"""What the pictures of the Chinese edition show: its receipts, the worked example, the menu.

The receipts have the numbers and the looks of the English ones, so that the lesson's code finds
the same things in both: 09 is printed wrongly, 10 and 11 are easily misread (a blurred shop, a
price beside an older one), 12 cannot be read.
"""

from __future__ import annotations

from .receipts import PICTURES, Labels, Receipt

ANSWERS = PICTURES / "zh" / "receipts" / "answers.json"
EXAMPLE = PICTURES / "zh" / "receipt-example.png"
MENU_FILE = PICTURES / "zh" / "menu.png"

LABELS = Labels("店名：", "日期：", "币种：", "商品：", "合计：")
THANKS = "谢谢光临！"

RECEIPTS = (
    Receipt(
        "绿叶菜店",
        "2026-11-03",
        "CNY",
        (("馒头", 2.40), ("豆腐", 3.10), ("黄瓜", 1.50)),
        "幸福路 12 号",
        THANKS,
    ),
    Receipt(
        "街角面包房",
        "2026-11-04",
        "CNY",
        (("羊角面包", 9.80), ("吐司", 16.00), ("咖啡", 12.50), ("橙汁", 8.00)),
        "磨坊巷 4 号",
        THANKS,
        paper="ivory",
        layout="ruled",
    ),
    Receipt(
        "日出早餐店",
        "2026-11-05",
        "CNY",
        (("小笼包", 13.00), ("豆浆", 2.75), ("炒饭", 9.25)),
        "湖滨路 88 号",
        THANKS,
        turned=1.5,
    ),
    Receipt(
        "伦敦中文书店",
        "2026-11-06",
        "GBP",
        (("群岛地图", 24.99), ("日记本", 6.50)),
        thanks=THANKS,
        ink="navy",
        layout="close",
    ),
    Receipt(
        "绿茶小店 GREEN TEA SHOP",
        "2026-11-07",
        "CNY",
        (("绿茶", 18.00), ("饺子", 26.00), ("米饭", 4.00)),
        thanks=THANKS,
    ),
    Receipt(
        "康宁大药房",
        "2026-11-09",
        "CNY",
        (("创可贴", 3.95), ("维生素片", 28.50)),
        "环城路 7 号",
        THANKS,
        ink="darkgreen",
        noise=9,
    ),
    Receipt(
        "老王五金店",
        "2026-11-10",
        "CNY",
        (
            ("锤子", 14.00),
            ("钉子", 2.35),
            ("白漆", 18.90),
            ("刷子", 4.75),
            ("胶带", 3.20),
            ("手套", 5.80),
        ),
        "农场路 2 号",
        THANKS,
        paper="lightyellow",
    ),
    Receipt(
        "罗马四川饭馆",
        "2026-11-11",
        "EUR",
        (("担担面", 9.30), ("水煮鱼", 15.50), ("矿泉水", 2.00)),
        "火车站街 9 号",
        THANKS,
        ink="maroon",
        turned=-2.0,
    ),
    Receipt(
        "老城包子铺",
        "2026-11-12",
        "CNY",
        (("肉包", 8.50), ("凉菜", 4.20), ("豆浆", 2.80)),
        thanks=THANKS,
        printed_total=18.50,
        layout="ruled",
        fails="各项加起来是 15.50，印的合计是 18.50。",
    ),
    Receipt(
        "翰墨轩书店",
        "2026-11-13",
        "CNY",
        (("词典", 58.00), ("地图", 12.50)),
        thanks="欢迎再来！",
        paper="mistyrose",
        blur=2.0,
    ),
    Receipt(
        "百花园艺",
        "2026-11-14",
        "CNY",
        (("郁金香球", 6.99), ("花盆", 11.50), ("营养土 原价 8.80", 4.49), ("种子", 2.25)),
        "公园路 30 号",
        THANKS,
        turned=1.0,
        noise=11,
    ),
    Receipt(
        "夜归出租车",
        "2026-11-15",
        "CNY",
        (("车费", 21.40), ("行李", 3.00)),
        thanks=THANKS,
        blur=9.0,
        noise=10,
        fails="图片模糊，什么也读不出来。",
    ),
    Receipt(
        "飞跃体育用品",
        "2026-11-16",
        "CNY",
        (("袜子", 15.90), ("足球", 69.00), ("水壶", 29.50)),
        "车站路 15 号",
        THANKS,
        layout="close",
        paper="whitesmoke",
    ),
    Receipt(
        "纽约唐人街影院",
        "2026-11-17",
        "USD",
        (("电影票", 24.00), ("爆米花", 6.25)),
        "主街 1 号",
        THANKS,
        paper="lavender",
        ink="midnightblue",
    ),
)
WORKED = Receipt(
    "玫瑰茶室",
    "2025-02-14",
    "CNY",
    (("红茶", 12.00), ("烤饼", 13.50), ("蘑菇汤", 16.20)),
    "中心广场 3 号",
    THANKS,
)
"""The receipt of EXAMPLE."""

MENU_TITLE, MENU_HOURS = "菜单", "营业时间 11:00 - 21:00"
MENU = (("牛肉面", 28), ("饺子", 22), ("炒饭", 18), ("绿茶", 10), ("豆浆", 8))
"""Prices in yuan, as on the menu in two languages."""
