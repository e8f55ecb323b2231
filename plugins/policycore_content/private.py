"""Know what private matters are made of: no one of these says it, two of them in one sentence do.

Whatever words people find for a deal, they say whose it is, what is offered, how to come by it or who is looked for;
for an evening together, what is done and that one does it together.
"""

from __future__ import annotations

from itertools import combinations

from policycore import Meeting

__all__ = ["DEAL", "PASTIME"]

OF_WORK = (
    r"通知|公告|公示|安排|部门|各[单学班处科]|资产|后勤|学院|学校|校[园内区工医务]|工会|组织|采购|招标|基地|实训|讲座|教育|安全|防范|风险"
    r"|调研|汇报|材料|报[送名]表|办公|会议|专业|课程|教学|项目|经费|统一|登记|核对|缴纳|办理|审批|管理|规定|法律|条例|职工|招生|毕业"
)
"""What makes parts that meet no private matter."""
_NUMBER = r"[\d一二两三四五六七八九十百]"
# What a private deal is made of: whose it is, what is offered, for what, how to come by it, which service.
_WHOSE = (
    r"自家|老家|我[表堂]?(?:妹|姐|哥|弟|妈|爸|姨|舅|媳妇|闺蜜|朋友|老公|老婆|老丈人)|我家(?!校)|闺蜜|亲戚|老乡"
    r"|谁家|朋友家|家里的|用不上了"
)
_OFFERED = (
    r"上市了?(?=$|[,，])|出售|(?<!征)收购|转[让手]|代购|返[点现利]|内部价|批发价|优惠|搞活动|特价|便宜|划算|现货|正宗|纯天然|熟了"
    r"|亏本|清仓|闲置|手工做|开园|新开的|找人养|打[一二三四五六七八九]折"
)
_PRICE = (
    rf"{_NUMBER}+(?:块|元){_NUMBER}?一?[斤瓶箱盒袋个本件只张杯双套](?![以之人月])|{_NUMBER}{{2,}}一?[斤瓶箱盒袋](?![以之])"
    rf"|{_NUMBER}{{2,}}[两三]件|一[斤瓶箱盒袋件本个]{_NUMBER}+(?=$|块|元|[,，])|{_NUMBER}+(?:块|元)?(?:拿走|带走)"
)
_COME_BY = (
    r"(?:找|联系|私|滴滴|加|借)我(?![校们的])|[要订]的(?:接|报[数名]|说|来|举手|吱|留)|自[取提](?=$|[,，!！])|拿走|带走|快去?抢|抢购|手慢无"
    r"|先到先得|扫码进|进群|想[买换订要做收][^,，。]{0,6}|有没有人|有需要的|感兴趣的|谁(?:要|想|认识|知道|有)[^,，。]{0,8}|有[^,，。]{1,10}的吗|求推荐"
    r"|的车吗"
)
_SERVED = (
    r"陪练|家教|装修|保洁|月嫂|钟点工|护工|搬家|开锁|车险|商业险|重疾险|理财|贷款|美容|美甲|减肥|瑜伽|健身|驾校"
    r"|学车|租房|合租|二手|旧手机|旧?手机|旧书桌|旧家具|月子|代[领取买驾]|跑腿|宠物|婴儿车|捎我"
)
_PASTIME = (
    r"烧烤|火锅|打球|那部剧|大结局|喝[酒茶两一]|小酌|一醉|唱[歌k]|打牌|麻将|爬山|逛街|看电影|聚聚|球赛|股票|基金"
    r"|大盘|游戏|钓鱼|自驾|露营|撸串|追剧|综艺|明星"
)
_COMPANY = (
    r"有想|一起(?:的|吗|去|来|不|呀|吧)|走起|约(?:吗|起|不约)|老地方|谁(?:来|去|值得|约)|组队|太精彩|看了没"
    r"|[又都](?:亏|跌|涨|赚)|亏了|赚了|套牢|不醉不归|有空的|嗨|尝尝|的来(?=$|[,，])|还缺|太[虐甜上]|好看哭"
)

DEAL = tuple(Meeting(two, OF_WORK) for two in combinations((_SERVED, _OFFERED, _WHOSE, _COME_BY, _PRICE), 2))
PASTIME = (Meeting((_PASTIME, _COMPANY), OF_WORK),)
