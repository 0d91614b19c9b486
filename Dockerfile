FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /out/ ./chatserver ./webclient

FROM scratch
COPY --from=build /out/ /
USER 65534
