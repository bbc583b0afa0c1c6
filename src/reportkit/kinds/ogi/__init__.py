"""政府信息公开工作年度报告: the statute's forms, words and rules."""
