using System.Text.Json.Nodes;
using DaprRollouts.Core.Revisions;

namespace DaprRollouts.Tests.Core.Revisions;

public sealed class ReadableTemplateTests
{
    [Fact]
    public void A_quantity_that_no_server_can_read_is_left_out()
    {
        var template = Template("""{"requests":{"memory":"invalid","cpu":"1m"},"limits":{"cpu":0.5}}""");

        var readable = ReadableTemplate.Of(template)!;

        Assert.Equal("""{"requests":{"cpu":"1m"},"limits":{"cpu":0.5}}""", readable["spec"]!["containers"]![0]!["resources"]!.ToJsonString());
        Assert.Same(readable, ReadableTemplate.Of(template));
    }

    [Theory]
    [InlineData("\"1\"")]
    [InlineData("1")]
    [InlineData("0.001")]
    [InlineData("\"500m\"")]
    [InlineData("\"1.5Gi\"")]
    [InlineData("\"1e3\"")]
    [InlineData("\"12E\"")]
    [InlineData("\".5\"")]
    public void A_template_that_can_be_read_stays_the_same_object(string quantity)
    {
        var template = Template($$$"""{"requests":{"cpu":{{{quantity}}}}}""");

        Assert.Same(template, ReadableTemplate.Of(template));
    }

    [Theory]
    [InlineData("\"1 Gi\"")]
    [InlineData("\"1KB\"")]
    [InlineData("\"\"")]
    [InlineData("true")]
    [InlineData("{}")]
    public void What_is_no_quantity_goes(string quantity) =>
        Assert.Equal("{}", ReadableTemplate.Of(Template($$$"""{"limits":{"cpu":{{{quantity}}}}}"""))!["spec"]!["containers"]![0]!["resources"]!["limits"]!.ToJsonString());

    private static JsonObject Template(string resources) =>
        (JsonObject)JsonNode.Parse($$$"""{"spec":{"containers":[{"name":"app","resources":{{{resources}}}}]}}""")!;
}
