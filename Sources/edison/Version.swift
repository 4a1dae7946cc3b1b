package let edisonVersion = "0.1.0"
