"""Faults of a whole file, its header or its control totals."""

from daihou.rooms.intake.phrases.phrase import Phrase

FILE = {
    "refused_column": Phrase(
        "a column is named after an act that is never allowed ({acts})",
        "有一列以任何情况下都不允许的行为命名（{acts}）",
        "the file without the column {column}",
        "去掉该列后再发送",
    ),
    "empty_file": Phrase(
        "the file has no rows",
        "文件没有数据行",
        "a header line and at least one row",
        "一行表头和至少一行数据",
    ),
    "kind_differs": Phrase(
        "named {named} but it is {kind}",
        "文件名是 {named}，内容却是 {kind}",
        "name it {right}, or send a real {named} file",
        "改名为 {right}，或发送真正的 {named} 文件",
    ),
    "old_workbook": Phrase(
        "an old Excel workbook (.xls)",
        "旧版 Excel 工作簿（.xls）",
        "save it as .xlsx",
        "另存为 .xlsx",
    ),
    "unknown_kind": Phrase(
        "not a CSV, XLSX or Parquet file",
        "不是 CSV、XLSX 或 Parquet 文件",
        "a .csv, .xlsx or .parquet file",
        ".csv、.xlsx 或 .parquet 文件",
    ),
    "encoding": Phrase(
        "not {named}: byte {value} at position {position}; it looks like {kind}",
        "不是 {named} 编码：第 {position} 字节为 {value}，看起来像 {kind}",
        (
            "save it as UTF-8, which needs no naming; a mapping may name utf-8 or "
            "gb18030, nothing else"
        ),
        "另存为 UTF-8，无需注明；映射里只能注明 utf-8 或 gb18030",
    ),
    "broken_csv": Phrase(
        "the CSV cannot be read: {detail}",
        "CSV 无法读取：{detail}",
        "close every quote; send the whole file",
        "补全引号，发送完整文件",
    ),
    "ragged_row": Phrase(
        "the row has {value} cells, the header {expected}",
        "该行有 {value} 个单元格，表头有 {expected} 个",
        "{expected} cells; quote values that hold a comma",
        "{expected} 个单元格；含逗号的值加引号",
    ),
    "truncated": Phrase(
        "the Parquet file is cut short or damaged: {detail}",
        "Parquet 文件不完整或已损坏：{detail}",
        "send the whole file again",
        "重新发送完整文件",
    ),
    "broken_workbook": Phrase(
        "the workbook cannot be read: {detail}",
        "工作簿无法读取：{detail}",
        "open and save it again in a spreadsheet program",
        "用表格软件打开后重新保存",
    ),
    "zip_bomb": Phrase(
        "it would unpack to {value}, more than {limit}",
        "解压后达 {value}，超过上限 {limit}",
        "a smaller workbook, or the same rows as CSV or Parquet",
        "拆小工作簿，或改用 CSV、Parquet",
    ),
    "workbook_formula": Phrase(
        "cell {cell} of sheet {sheet} holds a formula that looks like a command: {value}",
        "工作表 {sheet} 单元格 {cell} 的公式像是命令：{value}",
        "the value itself, without a formula",
        "直接填写数值，不用公式",
    ),
    "unknown_table": Phrase(
        "no table known for {value}",
        "无法判断 {value} 属于哪张表",
        "name it like loans.csv, pass --table, or use a mapping ({known})",
        "文件名用 loans.csv 这样的表名、加 --table，或用映射文件（{known}）",
    ),
    "mapping_finds_nothing": Phrase(
        "the mapping takes nothing from this file",
        "映射文件没有用到这个文件",
        "a file named like {known}",
        "文件名应形如 {known}",
    ),
    "missing_source_column": Phrase(
        "the mapping asks for column {value}, the file does not have it",
        "映射要求的列 {value} 文件里没有",
        "one of {known}",
        "可用的列：{known}",
    ),
    "missing_column": Phrase(
        "required column {column} of {table} is missing",
        "{table} 缺少必填列 {column}",
        "add the column {column}{hint}",
        "补上列 {column}{hint}",
    ),
    "unknown_column_like": Phrase(
        "column {column} is not known; it looks like {right}",
        "列 {column} 不认识，像是 {right}",
    ),
    "kept_as_attribute": Phrase(
        "column {column} is not in the contract; kept as an attribute ({kind})",
        "列 {column} 不在数据契约内，作为自定义属性保存（{kind}）",
        "nothing to do, if that is meant",
        "如属本意，无需处理",
        is_error=False,
    ),
    "attribute_widened": Phrase(
        "attribute {column} was {kind} and now also holds other values; kept as text",
        "自定义属性 {column} 原为 {kind}，现有其他类型的值，改按文本保存",
        "one type per attribute",
        "同一属性只用一种类型",
        is_error=False,
    ),
    "too_many_attributes": Phrase(
        "{value} columns beyond the contract; {limit} are kept per table",
        "契约之外的列有 {value} 个，每张表最多保存 {limit} 个",
        "leave out what nobody uses",
        "去掉不用的列",
    ),
    "duplicate_column": Phrase(
        "column {column} appears twice in the header",
        "表头里列 {column} 出现两次",
        "each column once",
        "每列只出现一次",
    ),
    "control_rows": Phrase(
        "the control says {expected} rows, the file has {value}",
        "控制总数为 {expected} 行，文件有 {value} 行",
        "send the whole file, or the right control",
        "发送完整文件，或更正控制总数",
    ),
    "control_total": Phrase(
        "the control says {expected} for {column}, the rows add up to {value}",
        "{column} 的控制总额为 {expected}，明细合计 {value}",
        "send the whole file, or the right control",
        "发送完整文件，或更正控制总数",
    ),
    "control_column": Phrase(
        "the control names column {column}, which is not in the file",
        "控制总数里的列 {column} 文件里没有",
        "one of {known}",
        "可用的列：{known}",
    ),
    "control_broken": Phrase(
        "the control cannot be read: {detail}",
        "控制总数无法读取：{detail}",
        '{{"rows": 100, "totals": {{"amount": "1234.50"}}}}',
        '{{"rows": 100, "totals": {{"amount": "1234.50"}}}}',
    ),
}
