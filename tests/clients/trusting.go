// Go's own client: GET the address that is given, with the certificates that it trusts by default.
package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	answer, err := http.Get(os.Args[1])
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
	fmt.Println(answer.StatusCode)
}
