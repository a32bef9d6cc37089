print("radiomicsd")
