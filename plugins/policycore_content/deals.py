"""Know what a private deal and a promise of gain are made of: no part says it alone, two or three in one passage do.

Whatever words people find for a deal, they say whose it is, what is offered, how to come by it or who is looked for;
for a gain, what it yields and who may come in.
"""

from __future__ import annotations

from functools import partial

from policycore import Meeting, any_of
from policycore_content.private import BY_THE_UNIT, OF_WORK

__all__ = ["DEAL", "EARNED"]

_NUMBER = r"[\d一二两三四五六七八九十百]"

# What a private deal is made of: whose it is, what is offered, for what, how to come by it, which service.
_WHOSE = any_of(
    r"""
    # One's own
    自家 自己(?:榨|种|养|做|晒|酿|包|腌) 老家 屋[里头](?:喂|养|种) 家里的 私人的 自用 [我咱俺]家(?!校) 我做这行
    # Kin and friends
    [我俺][表堂大小二]?(?:妹|姐|哥|弟|妈|爸|姨|舅|姑|媳妇|闺女|侄女?|儿子|女儿|朋友|同学|老公|老婆|老丈人|丈母娘|嫂子?)
    发小 大姨 闺蜜 亲戚 老乡 表[弟哥姐妹] 外甥 小[舅姨]子 [老媳][公妇婆](?:出差|从|生|单位) 哥们 我认识 朋友家
    # The village
    我们村 村里[^,。]{0,3}家 我们这边有
    # Why it is to go
    用不[上着]了 不想要了 穿不下 带不走 搬家(?:清|出|处) 孩子大了
    # How sellers call whoever reads it
    老铁 姐妹们 兄弟们 宝子 亲们 各位(?:大佬|哥哥|姐姐|亲|老板|土豪|宝) 看过来 进来(?=看|聊)
    羊毛党 打工人 学生党 上班族 吃货 [卡摩车]友
    """
)
# What only one who sells, lets or gives away says.
_OFFERED = any_of(
    r"""
    # Selling and buying
    上市了?(?=$|,) 代购 求购 带货 专柜 海外购 美国背 直播间 收[烟酒] 高价[收回长] 想收一 有闲置 闲置: 闲鱼
    # Prices
    内部价 批发(?:价|(?=,)) 特价 厂价 (?:拿货|到手|成本|骨折|友情|清仓|亲民|福利|员工|团购)价 价钱好说 加价收 返[点现利]
    便宜[出卖处转] 甩卖 秒杀 亏本 清仓 捡漏 薅羊毛 内购 买一送 满减 再减 第二杯 体验卡 课时费 同行一人免
    办卡(?=送|优|充)
    打[一二三四五六七八九]折 [半一-九]价出 不议价 不刀 兑换码 通兑
    # How good it is
    正宗 纯天然 包甜 保真 手工做 现[杀摘挖榨刚] 刚[烤摘] 散养 土法 不打药 无添加 不掺假 头采 不打蜡 纳底 祖传 老字号
    # How it is packed and sent
    只卖 不单卖 打包\d 原箱 包邮 厂家?直发 送货上门 送到(?:单位|大门|门口) 返空 真空包装 顺丰
    # Second hand
    全新(?!版|升|的?开) [七八九]+成新 用过[一两三几]次 原价[出匀转给] 匀[给一] 转[一两三几][条张只件] 多余的
    找人养 白送 免费送
    # Ways that others do not have
    [内走]部?渠道 有渠道 有路子 无抵押 零门槛 随叫随到 在职名师 好处费 当天到账 提前放
    # Please buy
    没人收 滞销 卖不[出掉] 捧场 撑(?:个|撑)?场 照顾生意 帮[着忙](?:销|卖) 帮卖 销销 冲业绩 没人气
    # Letting and leaving
    急租 短租 日租 合租 招租 往外租 月租 押一付一 转[让手租](?!续) 接手就 首付 看车随时 诚心要 非诚勿扰
    """
)
_PRICE = any_of(
    rf"""
    {_NUMBER}+(?:块|元){_NUMBER}?一?[斤瓶箱盒袋个本件只张杯双套条盆棵份罐桶支枝](?![以之人月])
    {_NUMBER}{{2,}}[一每/][斤瓶箱盒袋只条支](?![以之])
    (?<![第{_NUMBER[1:-1]}]){_NUMBER}{{2,}}[两三](?:件|瓶|盒|箱|条|袋)
    一[斤瓶箱盒袋件本个只条]{_NUMBER}+(?=$|块|元|,)
    {_NUMBER}+(?:块|元)?(?:全?拿走|带走|不刀|可刀|到手)
    一小时{_NUMBER} {_NUMBER}+一[双把对] [一二两三四五六七八九]块[一二三四五六七八九] 油钱 满\d+还?差 还差\d+(?:块|元|$)
    """
)
_SUM = any_of(
    rf"""
    {_PRICE}
    {_NUMBER}+(?:块|元|蚊) \d毛 一[斤壶只箱盒小桶袋条件]{_NUMBER}+
    [两三四五六七八九一]千[一二两三四五六七八九] [二两三四五六七八九]百[一二三四五六七八九]?
    (?<=[一-鿿])\d{{2}}(?=[一-鿿]{{2}}\d{{2}}) 原价\d 费\d{{2,}} 价\d{{2,}} 小时\d{{2,}}
    [^\d.:年月号第]\d+[08]0?(?=$|[,、])
    """
)
# How one comes by a thing or finds somebody who has one: only in a deal, and also at work.
_BARGAINED = any_of(
    r"""
    # Write to me alone
    (?:私|滴滴|戳|敲|dd)我(?![校们的]) 私[信聊] 小窗 价格?私 尺码私 转我就
    # Whoever wants it
    (?:要|订|喜欢|感兴趣)的(?:朋友|同事|亲)?(?:报[数名]|接龙|说|联系)
    [要订]的?(?:吱|私|滴|喊|抓紧|就喊|就说|趁早|扣|dd) 要得就 要就快 要带的 有意(?:者|向) 扣1
    谁[家]?(?:要|想要|收)(?![求是把不]) 有[没冇][得有]?人要 有人收 收不收(?=$|,)
    # Who has one
    求推荐 求一[份个] 蹲一个 谁认识 [手有][上里头有]?有?[^,。]{1,8}的票 的车吗
    # Come soon
    自[取提](?=$|[,!]) 抢购 手慢无 先到先得 先款 当面交易 订位 留座 冲啊 速来 来一盒 来几[斤盒] 喝得惯 凑单 邀请码 代抢
    最后[一二两三五四\d]+(?:[件盒箱斤套只]|个(?=$|[,!]))
    """
)
_COME_BY = any_of(
    rf"""
    {_BARGAINED}
    # Write to me
    (?:找|联系|加|借|扣)我(?![校们的]) [她他]vx 加[她他] 点头像 报我(?:的)?名 我统计 报给我 收款码 先付
    # Whoever wants it
    [要订]的?(?:接|报[数名]|说|来|举手|留|自|加) 拿走 带走 接龙 上门 吱一?声 看车 都来 要带[啥什] 写一下
    想[买换订要收养学] 想了解 想一起 有需要的 感兴趣的 准时来 凑[个够满]
    # Who has one
    有没有人 谁(?:想|认识|知道|有|买|家[^,。]{{0,6}}要) 有(?=[^,。]{{1,10}}的吗) 有推荐的 有没有懂 分我
    # Into another group
    扫码进 进群 拉你?小?群 扫这个 下载这个 进来
    # Do me a favour
    顶一下 给打个分 帮我[填抢] 帮填 帮帮忙 给口吃的
    """
)
_REACHED = (
    r"1[3-9]\d{9}|微信|whatsapp|链接|二维码|http|直播间|定金|押金|别声张|悄悄|点进"
    r"|(?<![有一早晚半])点开(?![心始会发展工业学])|转盘|小程序"
)
_SERVED = any_of(
    r"""
    # Lessons and schools
    考驾照 驾校 学车 钢琴 教小孩 陪练 家教 补(?:习|课|数学|英语|语文|物理) 一对一 辅导班 网课 提分 小班 冲刺班 托管班
    插班 择校 学位房 考研 [二一]建 挂靠 代写 降重 留学中介 移民
    # House and household
    月嫂 月子 钟点工 护工 搬家 开锁 锁芯 洗空调 净水器 扫地机 新房装修
    租房 合租 门面 车库 旺铺 转店 新店 网店 4s店 奶茶店 火锅店 农家乐
    # Insurance, loans, shares
    车险 商业险 重疾险 年金险 增额寿 分红险 交强险 跑保险 保险的 理财 贷款 转贷
    # Body and looks
    美容 美甲 减肥 瑜伽 健身 祛斑 纹眉 热玛吉 水光针 玻尿酸 植发 理发 推拿 按摩 足疗 足浴 洗脚 搓[脚背]
    # Feasts, pictures, fortune
    写真 婚庆 跟拍 看风水 塔罗 改名 起名 取名 五行 旅行团 跟团 猫咖 开播 抖音号 招主播
    # Cars and rides
    贴膜 洗车 suv 轿车 越野车 摩托 滑板车 代驾 捎我(?:一段|去|到|回|上|[,油]|$) 捎个人 捎东西 搭(?:个|你)?[的]?车 顺路带
    # Errands and second hand
    代领(?=快递|外卖) 跑腿 跑[^,。]{1,3}返空 二手 旧手机 苹果手机 卖手机 旧书桌 旧家具 宠物 婴儿车
    """
)
# What people sell one another and no unit deals in.
_GOODS = any_of(
    r"""
    # From the farm, meat and fish
    土(?:鸡|鸭|鹅|猪|货) 鸡蛋 鸭蛋 鹅蛋 鸭子 老母鸡 公鸡 蜂蜜 腊[肉肠味] 香肠 牛肉干 羊肉 大闸蟹 螃蟹 小龙虾 海鲜 带鱼
    对虾
    # Grain, oil, dried and salted
    大米 菜籽油 茶油 胡麻油 香油 枸杞 木耳 笋干 柿饼 大枣 红枣 蘑菇 豆腐干 辣椒酱 泡菜 豆瓣 瓜子
    # Fruit and vegetables
    红薯 玉米 草莓 樱桃 车厘子 杨梅 荔枝 芒果 脐橙 橙子 [耙丑蜜沃][耙橘桔]?柑 [橘桔]子 柚子 苹果 葡萄 西瓜 枇杷 桃子
    水蜜桃
    猕猴桃
    # Baked, cooked, sweet
    月饼 粽子 蛋糕 蛋挞 面包 曲奇 馒头 花卷 凉皮 炸鸡 卤味 卤菜 鸭脖 鸡爪 雪糕 冰棍 冰淇淋 零食 酸奶 奶茶
    # Tea, spirits, tobacco
    茶叶 新茶 龙井 普洱 白茶 茶园 茅台 飞天 五粮液 白酒 红酒 药酒 散酒 米酒 泡酒 中华烟 软中 细支 香烟 烟酒 电子烟 烟弹
    # Medicines and tonics
    孢子粉 灵芝 阿胶 燕窝 海参 虫草 人参 林下参 鹿茸 牛初乳 保健品 益生菌 酵素 减肥茶 足贴 膏药 药膏 贴膏 祖传贴
    # Looks and clothes
    面膜 口红 护肤 化妆品 香水 精华 雅诗兰黛 兰蔻 包包 丝袜 高跟鞋 布鞋 棉鞋 鞋垫 跑鞋 球鞋 羽绒服 连衣裙 童装
    (?<!\d)a货 莆田 名表 金条 手镯 翡翠 和田玉 文玩 手串 古董
    # Pets and plants
    小狗 狗崽 下崽 奶狗 猫崽 小猫 奶猫 柯基 泰迪 金毛 布偶 仓鼠 鹦鹉 鱼缸 玫瑰 鲜花 花店 多肉 兰花 君子兰 盆景
    # House and children
    沙发 茶几 冰柜 瓷砖 蒸锅 锅具 床品 四件套 蚕丝被 电热毯 吹风机 戴森 钢琴 跑步机 麻将机 婴儿床 童车 奶粉 尿不湿
    学区房
    # Machines and games
    电动车 自行车 行车记录仪 ipad switch ps5 笔记本 相机 耳机 手机壳 充电宝 游戏号 皮肤
    # Tickets and cards
    门票 演唱会 球票 景区票 电影票 旅游券 票一张 健身卡 购物卡 提货券 蟹券 充值卡
    """
)
# What promises gain or a post, and who may come in.
_GAIN = any_of(
    r"""
    # What it yields
    稳赚 躺赚 包赚 保本 翻倍 翻番 翻红 翻身 回本 暴富 赚[^,。]{0,3}(?:钱|早饭|零花) 挣了[\d一二三五八] 分红 复利 年息
    年化
    [一每]天[一二两三\d]个?点 日[结入赚] 月[入赚] 一单\d 每单 年给 佣金 返佣 返费 介绍费 底薪
    # Shares and coins
    涨停 牛股 内幕票 黑马 波段 申购码 打新 抄底 满仓 梭哈 杠杆 开盘就?进 进\d+那 喊单 带单 跟单 理财
    搬砖 usdt 虚拟币 比特币 狗狗币 币圈 这只币 挖矿 空投
    # Bets
    庄家 大小球 盘口 赔率 压[主客][队胜] 压[^,。]{0,4}赢 押了 押\d 押[^,。]{1,4}赢 每人押 每人出\d 下注 开大 底注
    世预赛 皇马 巴萨
    买球 彩票 竞彩 竞猜 猜中 双色球 大乐透 刮刮乐 特码 合买 买了\d+注 中奖了 抽到 抽(?:iphone|苹果|奖|手机|大奖) 转盘
    # Work on the side
    兼职 副业 刷单 做任务 看广告 宝妈 在家(?:就能|手机|做|赚) 无押金 零门槛 无门槛 低门槛 做代理 不露脸 颜值 招技师
    代写 降重
    暑假工 寒假工 电子厂 小时工 进厂 招普工 打螺丝 包吃住 吃住全包 足疗 减肥(?:打卡)?群
    # Loans and accounts
    低息 利息低 额度 放款 下款 网贷 借呗 花呗 微粒贷 抵押贷 信用贷 转贷 信用卡 征信 逾期 手续费
    收银行卡 收卡 租卡 卖卡 跑分
    # Posts and papers
    能办 包过 渠道包办 入编 内推 正式工 铁饭碗 挂靠 社保我们 学位房 迁户口
    """
)
_JOINED = any_of(
    r"""
    # Whoever is willing
    (?:想|愿意|有意|感兴趣)(?=[^,。]{0,4}(?:来|加|私|进|了解|做|跟|试|玩|报|联系)) 有(?:兴趣|意向)的 谁(?:要|想|跟)
    看过来
    的来(?=$|,) 也行(?=$|,) 学生都行 学生可做 也能做 你们?(?:快|也)?试 你们也 请全群
    # Write to me
    加我 私我 私聊 私信 滴我 找我 联系我 走我 加微信 1[3-9]\d{9} (?:点|戳)头像 邀请码 http
    # Into another group
    扫码进 拉(?:小|你|进)?群 进群 下载 语音课 房间
    # Follow and share
    信我的? 跟一手 跟着?(?:我(?!们)|老师|买) 跟不跟 跟的举手 跟的来 老师(?:说|带) 带着?赚 带(?:你|大家|着|兄弟|进) 上车
    冲!
    冲啊
    一起(?:买|冲|做|赚) 一起投 一起分 合买 凑(?:个|一)?局 平分 分我 中了 一个点
    # What it costs, and how many more
    名额 缺人 缺[两俩一三] 介绍一?个给 一人\d 一张 定金 可付费 包满意 包办 全包 当天到账 代抢 闷声 发大财 错过 拍大腿
    """
)
# Spaces between letters are not seen: forsale stands for both spellings.
_ENGLISH = any_of(
    """
    cheap discount onsale forsale promo freegift loan crypto invest visa agency weightloss replica lottery casino
    betting
    """
)
_WRITE_ME = r"whatsapp|dmme|addmy|contactme|click|inbox|link|telegram|wechat|hidear|dears"

_meeting = partial(Meeting, apart=True)

DEAL = (
    _meeting((_OFFERED, _SERVED, _BARGAINED, _PRICE), OF_WORK, 2),
    _meeting((_WHOSE, rf"{_OFFERED}|{_PRICE}"), OF_WORK),
    _meeting((_SERVED, _WHOSE, _COME_BY), OF_WORK),
    _meeting((_OFFERED, _COME_BY), OF_WORK),
    _meeting((_GOODS, rf"{_OFFERED}|{_BARGAINED}|{_PRICE}"), OF_WORK),
    _meeting((rf"{_GOODS}|{_SERVED}", rf"{_WHOSE}|{_COME_BY}", rf"{_SUM}|{_REACHED}"), BY_THE_UNIT),
    _meeting((_ENGLISH, _WRITE_ME)),
)
EARNED = (_meeting((_GAIN, _JOINED), BY_THE_UNIT),)
