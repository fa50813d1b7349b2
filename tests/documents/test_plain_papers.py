"""Short papers without headings, numbers or labels, as offices send them: mails, notes, letters."""

import pytest
from as_told import measures, told

from documents.drafts import read


def limits(text: str) -> list[tuple[tuple[str, ...], str]]:
    """The owners of each measure, and its day."""
    return [(draft.owners, str(draft.deadline.on)) for draft in measures(text)]


def test_a_mail_of_two_paragraphs_tells_the_faults_and_who_clears_them() -> None:
    text = (
        "From: Site Safety\nDate: 14 May 2024\nSubject: Walk-round of Block B\n\nHi all,\n\n"
        "Three things from yesterday's walk-round. The fire exit in Block B is blocked by pallets. "
        "Two extinguishers are out of date. Nobody has signed the inspection log since 3 May.\n\n"
        "Facilities to clear the pallets by Friday 17 May. Stores to replace the extinguishers by 12 June. "
        "The log must be signed weekly by the shift lead.\n\nThanks\n"
    )
    assert told(text) == [
        ("P", "The fire exit in Block B is blocked by pallets"),
        ("P", "Two extinguishers are out of date"),
        ("P", "Nobody has signed the inspection log since 3 May"),
        ("M", "Facilities to clear the pallets by Friday 17 May"),
        ("M", "Stores to replace the extinguishers by 12 June"),
        ("M", "The log must be signed weekly by the shift lead"),
    ]
    assert limits(text)[:2] == [(("Facilities",), "2024-05-17"), (("Stores",), "2024-06-12")]


def test_a_letter_after_a_visit_tells_faults_before_anything_is_required() -> None:
    faults = (
        "Access to the rear stair was blocked and the door was not shut. "
        "The alarm had not been tested since May. Four cylinders were kept without a cage.\n\n"
    )
    head, foot = "NOTICE AFTER INSPECTION\n22 August 2024\n\nDear Sir\n\n", "Yours sincerely\n"
    required = (
        "You are required to clear the stair by 30 August. "
        "The alarm must be tested and the test recorded by 5 September. "
        "Please provide a cage for the cylinders within 14 days.\n\n"
    )
    assert [kind for kind, _ in told(head + faults + foot)] == ["P"] * 3
    assert [kind for kind, _ in told(head + faults + required + foot)] == ["P"] * 3 + ["M"] * 3
    assert [day for _, day in limits(head + faults + required + foot)] == ["2024-08-30", "2024-09-05", "None"]


def test_a_summary_that_ends_in_one_long_undertaking_has_it_as_a_measure() -> None:
    text = (
        "Internal audit of petty cash - summary\n\n"
        "We tested 40 vouchers. 6 had no receipt. The float was not counted in March or April.\n\n"
        "The Finance Manager has agreed to require receipts from now on, to count the float every month "
        "and to split the two duties by 30 June 2024.\n"
    )
    assert [kind for kind, _ in told(text)] == ["P", "P", "M"]
    assert limits(text) == [(("Finance Manager",), "2024-06-30")]


def test_a_subject_stands_behind_the_time_that_begins_its_sentence() -> None:
    text = (
        "Monthly report, June 2024\n\n"
        "Next steps\n1. Next month the Development team will agree a recovery programme by 12 July.\n"
        "2. Over the summer Estates will replace the lift controller.\n"
        "3. By the end of July the Repairs Manager will clear all old jobs.\n"
    )
    assert [one.owners for one in measures(text)] == [
        ("Development team",),
        ("Estates",),
        ("Repairs Manager",),
    ]


def test_a_chinese_report_in_two_paragraphs_needs_no_heading() -> None:
    text = (
        "关于6月份工作情况的报告\n2024年7月2日\n\n6月份我局共完成棚户区改造120户，发放补贴35万元。\n\n"
        "物业投诉办理不及时，超期率达到12%。老旧小区加装电梯进度滞后，3个项目未开工。"
        "维修资金使用审批时间过长，群众反映强烈。\n\n"
        "物业科7月10日前把超期投诉全部办结。改造办7月底前完成3个项目开工。\n"
    )
    assert told(text) == [
        ("P", "物业投诉办理不及时，超期率达到12%"),
        ("P", "老旧小区加装电梯进度滞后，3个项目未开工"),
        ("P", "维修资金使用审批时间过长，群众反映强烈"),
        ("M", "物业科7月10日前把超期投诉全部办结"),
        ("M", "改造办7月底前完成3个项目开工"),
    ]
    assert [day for _, day in limits(text)] == ["2024-07-10", "2024-07-31"]


def test_requests_of_one_sentence_that_bear_a_time_each_are_as_many_measures() -> None:
    text = (
        "各部门：\n\n经查，一车间安全帽佩戴不规范，二车间3台行车限位失灵，仓库灭火器过期12具。"
        "请一车间本周内组织一次安全教育，设备部8月9日前修复行车限位，仓库8月5日前更换灭火器。"
        "逾期未完成的，按制度考核。\n\n安全环保部\n2024年8月1日\n"
    )
    assert [kind for kind, _ in told(text)] == ["P"] * 3 + ["M"] * 3
    assert limits(text) == [
        (("一车间",), "None"),
        (("设备部",), "2024-08-09"),
        (("仓库",), "2024-08-05"),
    ]
    assert [one.addresses for one in measures(text)] == [(0,), (1,), (2,)]


def test_a_request_without_a_time_exhorts_and_is_none() -> None:
    text = "各部门：\n\n经查，一车间安全帽佩戴不规范，仓库灭火器过期12具。"
    text += "请各部门高度重视，认真整改。\n\n安全环保部\n"
    assert measures(text) == []


def test_what_is_mainly_wrong_needs_no_colon() -> None:
    text = (
        "物业管理科7月工作小结\n\n7月份，本科室完成小区巡查46次。\n\n"
        "工作中也发现不少问题，主要是部分小区消防通道被占用，业主委员会换届滞后。\n\n"
        "8月份重点抓好两件事，一是8月10日前清理占用通道，二是指导6个小区8月底前完成换届。\n\n2024年8月1日\n"
    )
    assert told(text) == [
        ("P", "部分小区消防通道被占用，业主委员会换届滞后"),
        ("M", "8月10日前清理占用通道"),
        ("M", "指导6个小区8月底前完成换届"),
    ]


def test_lines_that_each_name_a_place_tell_its_fault() -> None:
    text = (
        "关于窗口服务暗访情况的反馈\n\n8月6日，我们对12个窗口进行了暗访。\n"
        "不动产登记窗口：工作人员迟到，叫号机故障无人处理。\n"
        "公积金窗口：一次性告知不到位，群众跑了三趟。\n房屋交易窗口：材料清单与网上不一致。\n"
    )
    assert [kind for kind, _ in told(text)] == ["P"] * 3


def test_lines_that_each_name_a_place_and_praise_it_tell_nothing() -> None:
    text = (
        "关于窗口服务走访情况的反馈\n\n8月6日，我们对12个窗口进行了走访。\n"
        "不动产登记窗口：实现一窗受理，平均用时12分钟。\n"
        "公积金窗口：开通周末预约，群众满意率98%。\n房屋交易窗口：推行网上签约，办结326件。\n"
    )
    assert told(text) == []


def test_notes_of_a_fault_and_its_fix_behind_a_dash_are_pairs() -> None:
    text = (
        "Weekly site meeting 12 March 2024\n\n"
        "- Scaffold tags missing on the east elevation - Hollis Scaffolding to fix by 15 March\n"
        "- Concrete test results for pour 7 still not received - QA to chase lab, 18 March\n"
        "- Delivery of windows delayed by two weeks; programme to be updated by planner by 22 March\n"
    )
    assert [kind for kind, _ in told(text)] == ["P", "M"] * 3
    assert limits(text) == [
        (("Hollis Scaffolding",), "2024-03-15"),
        (("QA",), "2024-03-18"),
        (("planner",), "2024-03-22"),
    ]


def test_the_title_of_a_measure_begins_behind_the_office_that_acts() -> None:
    text = (
        "Fire drill 14 November 2024 – notes\n\nActions\n"
        "1. Facilities: remove the bicycles by 22 November.\n2. Cab cameras: obtain three quotes.\n"
    )
    assert told(text) == [("M", "remove the bicycles by 22 November"), ("M", "Cab cameras")]
    assert limits(text)[0] == (("Facilities",), "2024-11-22")


def test_minutes_point_out_faults_before_they_require_anything() -> None:
    text = (
        "会议纪要\n\n时间：2024年8月5日\n地点：三楼会议室\n\n"
        "会议指出，当前信访积案化解缓慢，17件积案超过半年未办结；专项维修资金余额公示不及时。\n"
        "会议要求，信访办要逐案明确包案领导，9月底前化解率达到80%；资金科每季度公示一次余额。\n"
    )
    assert read(text).title == "会议纪要"
    assert [kind for kind, _ in told(text)] == ["P", "P", "M", "M"]


def test_words_that_only_lead_to_faults_are_no_part_of_the_first() -> None:
    text = (
        "关于7月份物业检查情况的通报\n\n各物业服务企业：\n\n"
        "我局组织检查18个小区，总体情况较好，但也有一些问题：金桂园消防栓无水；翠湖苑电梯年检过期。\n"
        "以上问题请有关企业于8月15日前整改完毕，整改报告报物业科。\n\n住房保障局\n2024年7月29日\n"
    )
    assert told(text) == [("P", "金桂园消防栓无水"), ("P", "翠湖苑电梯年检过期")]
    limit = read(text).document_deadline
    assert limit is not None
    assert str(limit.on) == "2024-08-15"


def test_notes_tell_fault_and_fix_in_one_breath() -> None:
    text = (
        "2025年3月12日转站随手记\n\n"
        "- 治疗室的锐器盒满到盖不上了还在用。当场换了新的。\n"
        "- 候诊区血压计袖带漏气，量出来偏低，设备科本月内换掉。\n"
        "- 抢救车里有两支肾上腺素四月就到期；找药房尽快调换。\n"
        "- 后门的无障碍坡道被快递箱堵了一半。\n- 洗手液、手消都够，没发现问题。\n"
    )
    assert told(text) == [
        ("P", "治疗室的锐器盒满到盖不上了还在用"),
        ("M", "当场换了新的"),
        ("P", "候诊区血压计袖带漏气，量出来偏低"),
        ("M", "设备科本月内换掉"),
        ("P", "抢救车里有两支肾上腺素四月就到期"),
        ("M", "找药房尽快调换"),
        ("P", "后门的无障碍坡道被快递箱堵了一半"),
    ]
    assert [one.addresses for one in measures(text)] == [(0,), (2,), (4,)]


def test_a_message_of_one_paragraph_tells_each_fault_before_its_fix() -> None:
    text = (
        "To all drivers on the 40 and 41, 7 October 2024. "
        "On Friday I found a cracked mirror that had been driven round for two days. "
        "Fill the card in at the end of every shift and hand it to the controller. "
        "The wash at bay 4 is still leaking on to the walkway, so Engineering will fit a new seal "
        "by 18 October. "
        "The lost property cupboard will not lock either, and the Depot Clerk is to have a new barrel put in "
        "within a week. Winter timetables are in the tray.\n"
    )
    assert [kind for kind, _ in told(text)] == ["P", "M"] * 3
    assert [one.owners for one in measures(text)][1:] == [("Engineering",), ("Depot Clerk",)]


def test_two_such_sentences_alone_are_too_few_to_be_meant() -> None:
    text = "转站随手记\n\n血压计袖带漏气，设备科本月内换掉。肾上腺素四月就到期；找药房尽快调换。\n"
    assert told(text) == []


@pytest.mark.parametrize(
    "head", ["CALL FOR PAPERS", "Release notes 4.2", "Book review: The Bridge", "Chapter Two"]
)
def test_the_first_line_of_what_is_no_report_is_believed(head: str) -> None:
    rest = "\n\nFindings\n1. Search fails on long titles.\n\nActions\n1. Repair the search by 2 May 2025.\n"
    assert told(head + rest) == []
    assert [kind for kind, _ in told("Review of the website" + rest)] == ["P", "M"]


@pytest.mark.parametrize(
    "text",
    [
        (
            "The storm of 1987\n\nThe forecast had failed to warn of the wind. Roads were blocked.\n\n"
            "The Met Office was to buy new computers. Foresters would replant by 1990.\n"
        ),
        (
            "我的老家\n\n老屋多年无人居住，屋顶漏雨，墙皮脱落。村口的小学早就停办了，路灯也不亮。\n\n"
            "今年春节，哥哥打算把屋顶修好，4月底前换完瓦。姐姐清明回去除草。\n"
        ),
        (
            "关于停水的通知\n\n因管网检修，8月12日8时至18时，幸福路沿线停水。"
            "请用户提前储水，8月11日前关闭进户阀门。\n\n自来水公司\n2024年8月9日\n"
        ),
    ],
)
def test_stories_and_calls_to_the_public_hold_nothing(text: str) -> None:
    assert told(text) == []


def test_a_circular_of_two_paragraphs_tells_what_was_found_and_what_is_required() -> None:
    text = (
        "关于对全市农贸市场开展联合检查情况的通报\n\n各县（区）市场监管局：\n\n"
        "5月13日至17日，市局会同商务、消防等部门对全市26家农贸市场进行了联合检查。\n\n"
        "检查发现，部分市场开办者主体责任落实不到位，未建立入场销售者档案的有7家；"
        "快检室形同虚设，东关市场连续两个月没有检测记录；部分摊位使用不合格电子秤。\n\n"
        "各县（区）局要督促开办者限期整改，6月10日前完成入场销售者建档；要规范快检室运行，每日检测不少于10批次；"
        "要联合消防部门更换过期器材，5月31日前到位。\n\n市市场监督管理局\n2024年5月20日\n"
    )
    assert told(text) == [
        ("P", "部分市场开办者主体责任落实不到位"),
        ("P", "快检室形同虚设，东关市场连续两个月没有检测记录"),
        ("P", "部分摊位使用不合格电子秤"),
        ("M", "各县（区）局要督促开办者限期整改"),
        ("M", "要规范快检室运行，每日检测不少于10批次"),
        ("M", "要联合消防部门更换过期器材，5月31日前到位"),
    ]
    assert [day for _, day in limits(text)] == ["2024-06-10", "None", "2024-05-31"]


def test_each_sentence_below_what_was_found_is_a_fault_of_its_own() -> None:
    text = (
        "Tenant panel scrutiny of the lettings service\n\nWhat we found\nEmpty homes took 48 days to relet. "
        "Viewings were cancelled at short notice. Applicants were not told why they had been refused.\n"
    )
    assert [kind for kind, _ in told(text)] == ["P"] * 3


def test_a_whole_paper_in_one_line_without_end_is_no_paragraph() -> None:
    said = "台账管理不规范，记录缺失。"
    assert told("通报\n\n" + said * 5) != []
    assert told("通报\n\n" + said * 500) == []
