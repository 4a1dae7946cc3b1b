print("edison")
