"""Know what private matters are made of: no one of these says it, two or three of them in one passage do.

For an evening together people say what is done and that one does it together; for money gathered, how and for whom; for
a blessing, what is wished and that it goes to everybody.
"""

from __future__ import annotations

from functools import partial

from policycore import Meeting, any_of

__all__ = ["BLESSED", "BY_THE_UNIT", "COLLECTED", "GOSSIP", "LIKED", "OF_WORK", "PASTIME", "SETTLED", "STICKERS"]

OF_WORK = any_of(
    r"""
    # Papers, and the ways that they go
    通知 公告 公示 安排 调研 汇报 材料 报[送名]表 办公 会议 统一 登记 核对 缴纳 办理 审批 管理 请示 批复 程序 流程
    # Who is at work
    部门 各[单学班处科] 资产 后勤 学院 学校 校[园内区工医务] 工会 组织 职工 院长 食堂 厨房 药监 医务科
    # What they do
    采购 招标 集采 询价 报价 发票 供货 合同 经费 项目 基地 实训 讲座 教育 安全 防范 风险 专业 课程 教学 招生 毕业
    病历 拆除 清理 读书会 公车
    # Law
    规定 法律 条例 应当 国务院 依法 法人 债务 当事人 权利 人民
    """
)
"""What makes parts that meet no private matter."""
BY_THE_UNIT = any_of(
    r"""
    # Papers and offices
    通知 公告 公示 工会 食堂 采购 招标 报销 资产 后勤 审批 台账 科室 培训 合同 财务 总务 院感 支部 党员 志愿 慰问 福利
    # Inspections and cases
    民警 执法 抽[检查] 核查 整改 下架 投诉 纠纷 线索 移交 案 当事人 原告 被告 开庭 调解 信访 妇联 判决 抚养
    # Whom the unit serves or buys from
    业主 住户 客户 乘客 旅客 家属 患者 商户 群众 村民 居民 供[应货]商
    # Law
    应当 国务院 条例 本法 依法 法人 债务人 承租人
    """
)
"""Who or what makes it the unit's business, however many parts meet."""

_PASTIME = any_of(
    r"""
    # Eating and drinking
    烧烤 火锅 撸串 小龙虾 夜宵 宵夜 喝[酒茶两一] 小酌 一醉 奶茶 下午茶 酒吧
    # Balls and races
    打(?:羽毛|篮|乒乓|排)?球 [桌台]球 球赛 国足 点球 踢飞 世界杯 欧洲杯 欧冠 决赛
    # Out of doors
    爬山 逛街 逛夜市 草莓园 摘草莓 采摘 赶海 钓鱼 野钓 水库钓 漂流 露营 自驾 骑行去 徒步去 滑雪 滑冰 蹦极 跑山 机车
    飙车 农家乐
    # Cards, tables, bets
    打牌 麻将 掼蛋 斗地主 斗牛 炸金花 德州 凑一桌 凑一局 赌 押[^,。]{1,4}赢 赔率 竞猜
    剧本杀 狼人杀 桌游 密室 轰趴 脑筋急转弯 电玩城
    # Games on a telephone
    游戏 开黑 王者 吃鸡 原神 排位 [三四五]排 打野(?!外) 星耀
    # Baths and nights out
    唱[歌k] k歌 ktv 蹦迪 广场舞 泡脚 [洗搓]脚 搓[澡背] 足浴 汗蒸 桑拿 温泉 放松放松 撸猫 猫咖
    # Films, books, stars
    看电影 电视剧 那部剧 那集 这集 大结局 追到第 男主 女主 追剧 综艺 短剧 剧集 网盘 全集 恐怖片 鬼故事 听我讲
    小说 漫画 段子 笑话 明星 演唱会 网红 八卦 吃瓜 塌房 热搜
    # Shares
    股票 基金 大盘
    # One's own art
    赋诗 打油诗 拙作 作诗 我唱的 书法习作
    # Whom one meets
    聚聚 同学会 老乡会 战友聚 接财神
    """
)
_COMPANY = any_of(
    r"""
    # Come along
    有想 (?<!在)一起(?:的|吗|去|来|不|呀|吧) 走起 约(?:吗|起|不约) 老地方 组队 整起 搞起 搓起来 安排上 来来 来不来
    有空的 必去
    去不(?=$|[,?!]) 去哪耍 哪耍 耍哦 耍不 集合 包车 的来(?=$|,) 跟的举手
    谁(?:来|去|值得|约|要|追|看) 谁[请跟有] 有没有[^,。]{0,6}的(?:摩友|车友|钓友|姐妹|兄弟)
    # How many more
    三缺一 二缺 还差[仨两俩一] 还差[^,。]{0,3}个人 差[一两三四]个人 差仨 来个?人 [差缺]个(?=$|[一-鿿])
    差一个(?=$|[,!]) 缺一个(?=$|!)
    还缺 缺[俩仨] 名额 要不凑 凑一[桌局]
    # Who pays
    我请客 请全群 带烟 aa 包午饭 一人[\d一二三五六八] 一个人\d 一个人[一二三五六七八]十
    # Won, lost, excited
    [又都](?:亏|跌|涨|赚|绿) 亏了 赚了 套牢 心态崩 绝了 丢人 气得 没救 憋屈 猜中 嗨 不醉不归 搓一顿 尝尝
    哪家(?:好|巴适|强|正宗)
    太精彩 太[虐甜上好] 好看哭 上头 笑[死不] 笑喷 哈哈 放松
    # Seen and wanted
    看了没 熬夜看 追完 追到 看到(?:[一二三]点|凌晨|半夜|第) 求资源 要资源 求链接 连载 全集 发我 省略 讲个 听个 听我讲
    # Judge my work
    雅正 斧正 献丑 见笑 我写的 点评一下 打个分 不转穷 转起
    """
)
# Blessings and greetings that go to everybody, and gods with what one does for them.
_BLESSING = (
    r"(?:早上好|早安|晚安|晚上好|安康|吉祥|如意|顺心|顺遂|幸福|平安|健康|快乐|发财|财源|好运|福气|美满|和睦|兴旺|长寿"
    r"|开心|幸运|喜乐|大吉|大利|暴富|心想事成|静好|能量|笑靥|高升|笑口常开)"
)
_FLOWER = r"[🌀-🫿☀-➿]"
_SENT_ALL = any_of(
    rf"""
    (?:{_FLOWER}[^{{}}]{{0,40}}){{3}} \[(?:玫瑰|太阳|爱心|蛋糕|庆祝|烟花|爆竹|福|拥抱)\]
    群发 家人们 滚滚 富贵 新的一[天周] 早啊 笑靥 愿你 愿您 送达 越来越美 貌美 女神节
    """
)
_FAITH = any_of(
    r"""
    # Temples
    功德(?!无量) 随喜 香火 佛祖 菩萨 观音 观世音 普贤 地藏 弥勒 如来 开光 法会 放生 念经 诵经 佛经 佛珠 佛说 信佛 拜佛
    大悲咒
    供灯 请香 头香 烧香 还愿 许愿 求签 寺里 庙里 道场 上师 师父
    # Churches
    福音 耶稣 上帝(?!保佑) 阿门 弟兄姊妹 弟兄姐妹 赞美主 感谢主 信主 祷告 礼拜堂 查经 团契 分享见证 教友
    # Gods and spells
    财神 祖师 仙家 大仙 关公 妈祖 显灵 灵符 请符 开的符 消灾 渡劫 因果 前世 轮回
    # Fortune
    本命年 太岁 算命 八字 看风水 转运 塔罗 星座运 水逆 生肖运
    """
)
_WELCOME = any_of(
    r"""
    # Come
    欢迎 都来 来我家 跟我去 一起去 明天去 姐妹 接龙 加我 私我 私聊 谁要 看到的
    # Give
    收款 微信 随缘 随心 \d元 \d块 一砖 结缘 有缘 请一 要请的 免费 加持 刻名
    # It helps
    保佑 平安 灵验 [很特超]灵 准得 特准 无量 横财 贵人 百分百 许愿 有福 [三3]日内 [三3]天内
    # Pass it on
    转发 转给 转出去 传给 此图 此文
    """
)
# Money that private people gather, and for whom; money between them.
_GATHERED = any_of(
    r"""
    捐(?:款|点|助|献|一?[下点些]) 募捐 众筹 水滴 轻松筹 献爱心 爱心接龙 爱心款 爱心众 都是爱 都是情 伸出援手 救救 好心人
    凑钱 凑点 凑份子 份子钱 随份子 随礼 打赏 帮多少 一块两块 几块钱也
    打我微信 我转过去 收款码 收款二维码
    """
)
_NEEDY = any_of(
    r"""
    # Strays
    流浪[猫狗] 猫粮 狗粮 买粮
    # Kin and friends
    我(?:朋友|同学|亲戚|表[哥弟姐妹]|外甥|侄|老乡|战友|邻居) [他她](?:爸|妈|老公|老婆|父亲|母亲|孩子) 老家
    # Need
    手术费 白血病 尿毒症 icu 重症 重病 癌 车祸 被撞 家里穷 孤儿 没钱 走投无路 白事
    # Feasts
    生日 结婚 满月 搬新家 乔迁 生(?:娃|孩子) 红娘
    # However little
    能帮多少 多少(?:都是|不限|是个) 不嫌少 众人拾柴 往下[排接] 转我 点一点 转一转
    """
)
_OWED = any_of(
    r"""
    \[(?:微信)?转账\] 酒钱 饭钱 烟钱 牌钱 赌债 打牌输 昨晚的(?:酒|饭|账) 还我钱 欠我 欠款 aa钱 aa款 补一下钱
    借我[^,。]{0,3}(?:钱|\d) 借我[一二三五六八两几]+[百千万] 借点钱 谁(?:能)?借我 手头紧 周转(?:一下|几天|\d)
    还差[^,。]{0,3}个人没 谁还没转
    """
)
_SHARED = any_of(
    r"""
    aa a了 每人\d 人均 平摊 均摊 一人\d 先垫 我垫 记得还 发工资(?:就|了)?还 下月还 过两天还 急用 利息
    \d(?:块|元|万) [一二三五六七八九十百千]+(?:块|元|万) 同学会 聚餐 聚会 包间
    """
)
# Private talk: matches, couples, quarrels, pictures of one's own life; and votes for one's own.
_TATTLE = any_of(
    r"""
    # Gossip and stars
    [男女],[^。]{0,24}身高1 八卦 吃瓜 瓜来了 绯闻 暧昧 这个视频 大长腿 小鲜肉 小伙子 星座 天蝎 白羊 双鱼 桃花[旺运] 美女
    帅哥
    属[鼠牛虎兔龙蛇马羊猴鸡狗猪]
    # Feasts of a family
    满月酒 百日宴 升学宴 谢师宴 婚宴 喜酒 寿宴 乔迁 暖房 出殡 白事 生二胎 生了(?:个|二|对) 母女平安 母子平安 红鸡蛋 喜糖
    # Couples
    离婚 分居 出轨 小三 劈腿 婆媳 婆婆 公公 儿媳 前男友 前女友 前妻 前夫 网恋 彩礼 跟我吵 吵架了? 冷战 日子没法过
    # Matches
    相亲 脱单 单身(?!公寓|宿舍) 找对象 处对象 男青年 女青年 大龄
    想找(?:个|一)[^,。]{0,6}(?:对象|伴|[男女]|媳妇|老[公婆]) 独生 离异 未婚 房车齐备 人老实
    # Quarrels
    凭啥 你凭什么 不要脸 要点脸 狗东西 神经病 有病吧 没完 滚蛋 放屁 缺德 残废 有种(?=$|[,!你出站别]) 单挑 废物 脑残
    (?:算|是|你)个?什么东西 混蛋 王八蛋
    站出来
    阴阳怪气 背后(?:说|捅|议论) 嚼舌根 欠我 借我[^,。]{0,6}那位 自觉点 有素质 没素质 点素质 有没有点(?:素|公|良|教)
    # Neighbours
    [猫狗][^,。]{0,3}(?:丢了|跑|走丢) 堆我 你家没 我就纳闷 划了我 把我车
    # Shown off
    (?:\[(?:图片|视频|照片)\][^\[\]]{0,12}){2} 九宫格 九张图 镇楼 钓的 晒(?:一下|个|娃|图) 喜提 显摆 凡尔赛 宝马来
    羡慕 馋不馋 好看(?:吗|不) 帅(?:吗|不) 漂亮(?:吗|不) 旅游(?![业局系行的学专管资景大实数攻服公卫产文观节]) 海边 三亚
    大理 丽江 马尔代夫 度假(?![村区酒]) 此生 今生
    """
)
_STIRRED = any_of(
    r"""
    # Kin and home
    我表[妹姐弟哥] 我家 我们?(?:一家|仨) 看看?我(?:家|昨|刚|今|儿|闺|娃|的)
    我(?:昨天|自己|儿子|女儿|娃|老公|老婆|媳妇|孙) 闺女 孙子 宝贝
    # A good match
    人好看 长得 有房 有车 房车 身高 没对象 单身 公务员 编制内 性格好 老实 本分 顾家 过日子 靠谱 靠得住 \d0后 [89]\d年
    介绍(?:介绍|个|一个|给) 合适的介绍 酬谢 重谢
    # Come and feast
    赏光 光临 不收礼 薄酒 备了?薄 恭候 欢迎(?:各位|大家|来) 沾沾喜
    # Laughing and whispering
    🤣 😂 哈哈 嘻嘻 啧啧 笑死 谁知道 你们(?:都啥|知道|听说|猜|看|说|是) 偷偷 悄悄 告诉你们
    # Judge between us
    评评理 当着(?:大伙|所有) 说清楚 没法过 天天把 没地方 又把我 我车 车位 有种 单挑 站出来
    你这(?:种|人) 你以为 [她他](?:跟|和|又)
    # New and mine
    新(?:买|提|换)的 爱车 帮我 必去 带来发
    """
)
_BALLOT = any_of(
    r"""
    投票 投一票 投个票 拉票 打榜 票数 给\d+号 \d+号加油 一天\d次 集赞 点个赞 点赞满 点个收藏 点收藏 点亮 留言区
    公众号留言
    助力一下 打个分 刷好评 店的?评分
    """
)
_OWN = any_of(
    r"""
    咱家 我家 我(?:儿子|女儿|闺女|娃|孙) 萌[娃宝] 宝贝 亲戚 外甥 侄[子女] 小姑 我?老婆的?店 我老公 我媳妇 我妈 我弟 我妹
    餐馆 小店 饿了么 美团 选手 前[十五]了 排第 差\d+票 一天能 每天能 点下 帮我凑 发个花 跪求 谢啦 辛苦各位
    """
)
STICKERS = (
    rf"[哈呵嘻嘿嗷啊]{{10}}|(?:{_FLOWER}\u200b?){{9}}|(?:\[(?!图片|照片|视频|文件|语音|动画)[^\[\]]{{1,4}}\]){{6}}"
)
"""Expressions that take the place of words."""

_meeting = partial(Meeting, apart=True)

LIKED = (_meeting((_BALLOT, _OWN), BY_THE_UNIT),)
PASTIME = (_meeting((_PASTIME, _COMPANY), OF_WORK),)
BLESSED = (
    _meeting((rf"{_BLESSING}(?=[^。]{{0,30}}{_BLESSING})", _SENT_ALL), OF_WORK),
    _meeting((rf"{_BLESSING}(?=(?:[^。]{{0,30}}{_BLESSING}){{2}})", "[全阖合]家"), OF_WORK),
    _meeting((_FAITH, _WELCOME), OF_WORK),
)
COLLECTED = (_meeting((_GATHERED, _NEEDY), BY_THE_UNIT),)
SETTLED = (_meeting((_OWED, _SHARED), OF_WORK),)
GOSSIP = (_meeting((_TATTLE, _STIRRED), BY_THE_UNIT),)
