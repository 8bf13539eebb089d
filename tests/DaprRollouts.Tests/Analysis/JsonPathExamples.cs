using System.Text.Json;
using DaprRollouts.Core.Analysis;
using DaprRollouts.Core.Analysis.Expressions;
using DaprRollouts.Core.Analysis.Paths;

namespace DaprRollouts.Tests.Analysis;

/// <summary>Paths into answers of web servers, in kubectl's dialect.</summary>
public class JsonPathExamples
{
    [Theory]
    [InlineData("{\"data\":{\"ok\":true}}", "{$.data.ok}", "true")]
    [InlineData("{\"data\":{\"ok\":true}}", "{.data.ok}", "true")]
    [InlineData("{\"data\":{\"ok\":true}}", "$.data.ok", "\"$.data.ok\"")]
    [InlineData("{\"data\":null}", "{$.data}", "null")]
    [InlineData("[1,2,3]", "{$[*]}", "1")]
    [InlineData("[1,2,3]", "{$[-1]}", "3")]
    [InlineData("[1,2,3]", "{$[1:]}", "2")]
    [InlineData("[1,2,3]", "{[0,2]}", "1")]
    [InlineData("[]", "{$}", "[]")]
    [InlineData("{\"items\":[{\"a\":1},{\"a\":2}]}", "{$.items[?(@.a==2.0)].a}", "2")]
    [InlineData("{\"items\":[{\"a\":1},{\"a\":2}]}", "{$.items[?(@.a>1.5)].a}", "2")]
    [InlineData("{\"items\":[{\"a\":1},{\"b\":2}]}", "{$.items[?(@.b)].b}", "2")]
    [InlineData("{\"items\":[{\"n\":\"x\",\"v\":1},{\"n\":\"y\",\"v\":2}]}", "{$.items[?(@.n==\"y\")].v}", "2")]
    [InlineData("{\"a\":{\"c.d\":3}}", "{$.a.c\\.d}", "3")]
    [InlineData("{\"a\":{\"c.d\":3}}", "{$.a['c.d']}", "3")]
    [InlineData("{\"a\":1}", "text {$.a}", "\"text \"")]
    [InlineData("{\"a\":{\"b\":{\"x\":7}}}", "{..x}", "7")]
    [InlineData("{\"b\":2,\"a\":1}", "{.*}", "1")]
    [InlineData("{\"items\":[{\"a\":1},{\"b\":2},null]}", "{.items[*].b}", "2")]
    [InlineData("{\"a\":[{\"v\":1}],\"b\":{\"v\":2}}", "{..v}", "1")]
    [InlineData("{\"items\":[{\"n\":\"x\",\"m\":\"y\"},{\"n\":\"z\",\"m\":\"z\"}]}", "{.items[?(@.n==$.m)].n}", "\"z\"")]
    [InlineData("[[1,2],[3,4]]", "{[*][1]}", "2")]
    [InlineData("[1,2,3]", "{[1:1]} {[0]}", "\" \"")]
    [InlineData("{\"items\":[{\"a\":1},{\"a\":2}]}", "{range .items[*]}{.a}{end}", "1")]
    public void Paths_lead_to_values(string json, string path, string value) => Assert.Equal(value, GoFormat.Json(JsonPath.Parse(path).First(Value(json))));

    [Theory]
    [InlineData("{\"data\":{}}", "{$.data.missing}", "missing is not found")]
    [InlineData("[1,2,3]", "{$[5]}", "array index out of bounds: index 5, length 3")]
    [InlineData("[]", "{$[*]}", "no value")]
    [InlineData("{\"items\":[{\"a\":1},{\"a\":2}]}", "{$.items[?(@.a==2)].a}", "incompatible types")]
    [InlineData("{\"items\":[{\"n\":\"y\"}]}", "{$.items[?(@.n==\"z\")].v}", "no value")]
    [InlineData("5", "{$.a}", "is not found")]
    [InlineData("{\"a\":1}", "{[*]}", "is not array or slice")]
    [InlineData("{\"a\":1}", "{[\"a\"]}", "invalid array index")]
    [InlineData("{\"a\":1}", "text {.b}", "b is not found")]
    [InlineData("[1,2,3]", "{[2:9]}", "array index out of bounds: index 8, length 3")]
    [InlineData("[1,2,3]", "{[2:1]}", "starting index 2 is greater than ending index 1")]
    [InlineData("{\"a\":1}", "{[?(@.a)]}", "cannot be filtered")]
    [InlineData("{}", "{$.a", "unclosed")]
    [InlineData("{}", "{$.a[}", "unterminated array")]
    [InlineData("{}", "{$[x]}", "invalid array index")]
    [InlineData("{}", "{range .a}", "without {end}")]
    [InlineData("{}", "", "empty")]
    public void Paths_that_lead_nowhere_say_so(string json, string path, string problem) =>
        Assert.Contains(problem, Assert.Throws<JsonPathException>(() => JsonPath.Parse(path).First(Value(json))).Message, StringComparison.Ordinal);

    private static object? Value(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonValues.Of(document.RootElement);
    }
}
