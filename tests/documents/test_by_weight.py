"""Papers whose headings and leads say nothing that is known: what their words speak for is drafted."""

from as_told import told

from documents.drafts import read


def rules(text: str) -> list[str]:
    return [draft.rule for draft in read(text).drafts]


PUMPS = (
    "河口镇水利站三季度情况\n　　一、做了哪些事\n　　1．巡堤412公里，处置险情3处，受到县里表扬。\n"
    "　　2．维修闸门11座，灌溉面积比去年多出1.4万亩。\n　　二、几句实话\n"
    "　　其一，6号泵站的两台水泵坏了一个冬天，备件至今没有到货。\n"
    "　　其二，值班室夜里没有人，电话打过去无人接听。\n"
    "　　其三，台账是抄来的，17处险工险段只登记了9处。\n"
)


def test_a_row_of_faults_under_a_heading_that_says_nothing_is_read() -> None:
    assert told(PUMPS) == [
        ("P", "6号泵站的两台水泵坏了一个冬天，备件至今没有到货"),
        ("P", "值班室夜里没有人，电话打过去无人接听"),
        ("P", "台账是抄来的，17处险工险段只登记了9处"),
    ]
    assert rules(PUMPS) == ["by-weight"] * 3


def test_steps_behind_them_are_read_whatever_their_heading_is_called() -> None:
    text = PUMPS + (
        "　　三、把日子往前过\n　　（一）由机电股10月底前催到备件，两台水泵装好后试运行三天。\n"
        "　　（二）值班室排出轮班表，由副站长每晚查岗一次。\n　　（三）11月15日前把17处险段逐处补登。\n"
    )
    assert [kind for kind, _ in told(text)] == ["P", "P", "P", "M", "M", "M"]


def test_what_was_done_is_no_measure_though_its_heading_says_as_little() -> None:
    assert told(PUMPS.partition("　　二、")[0]) == []


def test_what_a_colon_leads_to_is_read_clause_by_clause() -> None:
    text = (
        "老街片区搬迁专题会议纪要\n会议听取了城建办的汇报。\n会议指出，搬是搬完了，尾巴不少，集中在几头："
        "地下室渗水，雨天积水没过脚面；北侧20户排烟管道没有接通，油烟窜到楼道；公厕水压不足，冲不干净；"
        "补助尾款拖着没付，住户问了不止一回。这些事不能等。\n会议议定以下事项：\n"
        "一、城建办6月底前做完防水。\n二、市场中心7月10日前接通排烟管道。\n"
    )
    assert [kind for kind, _ in told(text)] == ["P", "P", "P", "P", "M", "M"]


def test_a_column_whose_head_nobody_listed_is_known_by_its_cells() -> None:
    text = (
        "林场防火隐患排查情况\n排查结果列在下表：\n"
        "| 编号 | 隐患情形 | 咋办 | 责任部门 | 时限 |\n|---|---|---|---|---|\n"
        "| 01 | 高压线下杂灌高达4米 | 请供电所停电配合，把线路两侧杂灌清光 | 护林队 | 12月5日 |\n"
        "| 02 | 38台灭火机中6台打不着火 | 逐台检修，修不好的报废补新 | 防火办 | 12月20日 |\n"
    )
    assert [draft.title for draft in read(text).drafts if draft.kind.value == "measure"] == [
        "请供电所停电配合，把线路两侧杂灌清光",
        "逐台检修，修不好的报废补新",
    ]


SURVEY = (
    "Patient survey: what came of it\n\nThank you to the 300 people who answered.\n\nTELEPHONES\n"
    "Your word: It takes too long to get through in the morning, and some callers were cut off.\n"
    "Our word: The reception lead will put two more people on the lines from 4 March.\n"
    "Your word: The recorded message is far too long.\n"
    "Our word: We will record a shorter one by the end of May.\n\n"
    "THE BUILDING\nYour word: There is no privacy at the front desk.\n"
    "Our word: The practice manager will have a screen put up before the summer.\n"
)


def test_labels_that_only_one_paper_uses_are_known_by_what_stands_behind_them() -> None:
    assert [kind for kind, _ in told(SURVEY)] == ["P", "M", "P", "M", "P", "M"]
    assert [draft.addresses for draft in read(SURVEY).drafts] == [(), (0,), (), (2,), (), (4,)]


def test_a_label_with_a_year_is_the_label() -> None:
    text = (
        "Follow-up of the audit of fuel\n\nRecommendations still open\n\n"
        "2. Tank monitoring\n2021 finding: None of the six tanks had level monitoring.\n"
        "What remains to be done: Fit monitors to both northern tanks.\nContact: Facilities Manager\n\n"
        "5. Exception reports\n2021 finding: Supervisors had no report of unusual use.\n"
        "What remains to be done: Reduce the report to what matters.\nContact: Fleet Manager\n"
    )
    assert [(draft.kind.value, draft.owners) for draft in read(text).drafts] == [
        ("problem", ()),
        ("measure", ("Facilities Manager",)),
        ("problem", ()),
        ("measure", ("Fleet Manager",)),
    ]


def test_what_a_loose_cue_found_and_its_words_speak_against_is_not_drafted() -> None:
    text = (
        "关于表扬先进集体的通报\n全县营商环境持续改善，现对5个集体予以表扬。\n"
        "也要看到，改革的路还长，容不得歇脚，希望受表扬的集体珍惜荣誉、再接再厉，以先进为榜样，再上新台阶。\n"
    )
    assert told(text) == []
