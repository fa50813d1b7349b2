"""Words that say by when without a day: an event, at once, again and again, for good."""

import re

_COUNT = r"(?:[0-9]{1,3}|[一二两三四五六七八九十半]{1,3})"
EVENT = re.compile(
    rf"(?<!入职)(?<!近)(?<!过去)(?<!毕业)(?<!投用){_COUNT}[ \t]?个?(?:工作日|自然日|日|天|周|星期|月|年|"
    r"学期|小时)(?:之内|以内|内)(?!的)|"
    rf"(?:1[0-2]|(?<![0-9])[1-9])月(?:(?:[0-9]{{1,2}}[日号]|[底末])?之?前|[底末](?=完成|办结|到位)|"
    r"[一-龥]{1,8}期间(?=$|[^，。]{0,12}(?:完成|到位|改造|更换)))|"
    rf"(?:下一?次|下届)[一-龥]{{1,8}}前|(?:本|下|"
    rf"这)(?:个)?(?:周|星期)[一二三四五六日天末]?(?:之?前|之?内|底|完成)?|"
    rf"周[一二三四五六日末]前|"
    r"(?:五一|十一|国庆|春节|元旦|清明|端午|中秋)(?:节|小?长假|假期|放假)?(?:期间|里|之?内)(?=[^，。]{0,12}(?:完成|到位|改造|更换))|"
    r"(?:暑期|暑假|寒假)(?:期间|里|内|前)?(?=[^，。]{0,12}(?:完成|前|内|到位|改造))|"
    r"(?:(?<!做)(?<!抓)(?<!搞)(?!做好|开展|抓好|组织|加强|搞好|落实|好|月)[“\"]?[一-龥]{0,3}(?:节|假|国庆|中秋|五一|十一|元旦|端午|清明|学|汛|汛期|雨季|冬|供暖|采暖季|采暖期|换届|中考|高考|期末|"
    r"学期末|开学|学期|两会|入夏|入冬)[”\"]?)(?:来临)?之?前(?!后)|(?:本|下)学期(?:内|末|初)?|20[0-9]{2}年[春秋]季?学期|"
    r"\b(?:with)?in (?:the next )?(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|"
    r"fourteen|fifteen|twenty|twenty-(?:one|eight)|thirty|forty-five|sixty|ninety) "
    r"(?:working |business |calendar )?(?:days?|weeks?|months?|hours)(?: of [a-z ]{3,30})?|"
    r"\b(?:by|before) (?:next |the )?(?:monday|tuesday|wednesday|thursday|friday|"
    r"end of (?:the )?(?:week|month|term|day)|next (?:meeting|inspection|audit|week|month|"
    r"term))|\b\d{1,3} days (?:from|after) [a-z ]{3,20}|\b(?:by|"
    r"before) (?:the )?(?:end of )?(?:the )?(?:next |autumn |spring |summer |winter )(?:term|"
    r"meeting|inspection|season|break)|\bnext (?:week|month|meeting)\b|"
    r"(?<=[;,] )(?:easter|christmas|(?:next |autumn |spring |summer )?half[- ]term|end of term)(?=[)\]])|"
    r"\b(?:by|before) (?:the )?(?:easter|christmas|diwali|eid|ramadan|thanksgiving|memorial day|labou?r day|"
    r"new year)\b(?: [a-z]+)?|"
    r"\b(?:by|before) (?:the (?:start|beginning|end) of [a-z ]{3,24}|"
    r"the (?:summer|winter|autumn|spring|holidays?|new year))\b|\bover the summer\b|"
    r"\bin time for (?:the |our )?[a-z]+(?: (?!and\b|to\b)[a-z]+){0,2}|"
    r"\bbefore (?:I|we|you) (?:come|return|call|re-?open|open|start|begin|move)\b[a-z ]*|"
    r"\bbefore [a-z]+(?: opens?| starts?| begins?)? in (?:the )?(?:new year|autumn|spring|summer|winter)\b|"
    r"\bthis (?:term|semester|week|month)\b(?!'s)|"
    r"\b(?:by|before) (?:the )?(?:next )?(?:winter|summer|spring|autumn)\b|"
    r"\b(?:spring|summer|autumn|winter)(?: term)? 20[0-9]{2}\b|"
    r"\b(?:by|before) (?:the )?(?:next|first|20[0-9]{2}(?:[-/][0-9]{2})?) [a-z]+"
    r"(?: (?!and\b|to\b|in\b|of\b)[a-z]+){0,2}|"
    r"\b(?:by|before) (?:the )?(?:next )?(?:[a-z-]+ ){0,2}(?:agm|meeting|inspection|visit|half[- ]term|"
    r"harvest|holidays?|shutdown|go-live|launch|handover|"
    r"walk-round|audit(?! (?:and|&|committee))|season)\b",
    re.IGNORECASE,
)
IMMEDIATE = re.compile(
    r"立即|即行即改|今晚|当晚|今[天日](?:回去|起|晚上|上午|中午|下午|下班前|之?内|就|完成|清)|立行立改|即知即改|立查立改|立知立改|当日|当天|即日起?|即时|马上|即刻|从即日|"
    r"\b(?:by )?today\b|\btonight\b|\bimmediate(?:ly)?\b|\bat once\b|\bright away\b|\bforthwith\b|"
    r"\bsame day\b|"
    r"\bwith immediate effect\b|\bstraight ?away\b|"
    r"(?<!ily )(?<!kly )(?<!hly )(?<!every week )(?<!every month )(?<!every day )\bfrom now on\b",
    re.IGNORECASE,
)
RECURRING = re.compile(
    rf"每(?:隔)?{_COUNT}?个?(?:年度?|半年|学期|学年|季度?|月|双周|周|星期|日|天|晚|夜|旬|班(?:次|(?=作业|结束|交接|[\s|。；]|$))|"
    rf"餐|[0-9一二两三四]小时)(?![0-9.]+[万亿]?元)(?:至少|不少于)?(?:{_COUNT}次)?|按(?:月|季度?|周|日|年|旬|学期)(?![0-9])|逐月|逐季|"
    r"\b(?:every|each) weekend\b|\bon an? (?:daily|weekly|fortnightly|monthly|quarterly|"
    r"termly|yearly|annual|regular) basis\b|"
    r"\b(?:every|each) (?:other )?(?:\w+ ){0,1}?(?:half[- ]term|half[- ]year|months?|weeks?|"
    r"quarters?|years?|terms?|days?|shifts?|semester|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"january|february|march|april|june|july|august|september|october|november|december|morning|afternoon|evening|"
    r"night|fortnight|hour|sprint|round|spring|summer|autumn|winter|"
    r"(?:two|three|four|six|eight|ten|twelve|[0-9]{1,3}) (?:hours|days|weeks|months|years)|meeting)\b|"
    r"\b(?<!a )(?<!the )(?<!an )(?:monthly|quarterly|weekly|"
    r"fortnightly|half-yearly|half-termly|termly|six-monthly|nightly|hourly|yearly|"
    r"annually|daily|biweekly|semi-annually|twice (?:a|per) (?:year|month|week)|once (?:a|per|"
    r"every|each) \w+)(?=$|[\s]*[.,;()|]|\s+(?:and|by|to|at|with|from|for|until|starting|in|"
    r"on)\b)",
    re.IGNORECASE,
)
LONG_TERM = re.compile(
    r"长期坚持|长期整改|长期执行|长期落实|持续坚持|长抓不懈|坚持长期|"
    r"\b(?:for|in|over) the long(?:er)? term\b|\bpermanently\b(?! (?:clos|remov|delet|block|seal|fix))|"
    r"\bon an ongoing basis\b|\bongoing\b",
    re.IGNORECASE,
)
