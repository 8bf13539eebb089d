using System.Text.Json.Nodes;
using CsCheck;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Core.Model;

public sealed class MergePatchTests
{
    private static readonly Gen<JsonNode?> Scalars = Gen.OneOf(
        Gen.Int[-3, 3].Select(n => (JsonNode?)JsonValue.Create(n)),
        Gen.String[Gen.Char["ab"], 0, 2].Select(s => (JsonNode?)JsonValue.Create(s)),
        Gen.Bool.Select(b => (JsonNode?)JsonValue.Create(b)));

    private static readonly Gen<JsonObject> Objects = ObjectsOf(3);

    [Fact]
    public void A_difference_applied_to_the_first_object_gives_the_second() =>
        Gen.Select(Objects, Objects).Sample((a, b) => JsonNode.DeepEquals(b, MergePatch.Apply(a, MergePatch.Diff(a, b))), iter: 5_000);

    [Fact]
    public void Equal_objects_differ_by_nothing() =>
        Objects.Sample(a => MergePatch.Diff(a, (JsonObject)a.DeepClone()).Count == 0);

    [Fact]
    public void Applying_a_patch_twice_is_applying_it_once() =>
        Gen.Select(Objects, Objects).Sample((a, b) =>
        {
            var once = MergePatch.Apply(a, MergePatch.Diff(a, b));

            return JsonNode.DeepEquals(once, MergePatch.Apply(once, MergePatch.Diff(a, b)));
        });

    [Fact]
    public void The_arguments_stay_as_they_are() =>
        Gen.Select(Objects, Objects).Sample((a, b) =>
        {
            var (before, wanted) = (a.ToJsonString(), b.ToJsonString());

            MergePatch.Apply(a, MergePatch.Diff(a, b));

            return a.ToJsonString() == before && b.ToJsonString() == wanted;
        });

    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{"a":1}""", """{"b":null}""")]
    [InlineData("""{"list":[1,2]}""", """{"list":[1,2,3]}""", """{"list":[1,2,3]}""")]
    [InlineData("""{"o":{"x":1,"y":2}}""", """{"o":{"x":1,"y":3}}""", """{"o":{"y":3}}""")]
    [InlineData("""{"o":{"x":1}}""", """{"o":{}}""", """{"o":{"x":null}}""")]
    [InlineData("""{}""", """{"o":{}}""", """{"o":{}}""")]
    [InlineData("""{"o":1}""", """{"o":{"x":{}}}""", """{"o":{"x":{}}}""")]
    public void A_difference_is_as_small_as_it_can_be(string from, string to, string patch) =>
        Assert.Equal(patch, MergePatch.Diff(Parse(from), Parse(to)).ToJsonString());

    private static Gen<JsonObject> ObjectsOf(int depth)
    {
        var values = depth == 0
            ? Scalars
            : Gen.OneOf(Scalars, ObjectsOf(depth - 1).Select(o => (JsonNode?)o), Scalars.Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(i => i?.DeepClone())])));
        return Gen.Dictionary(Gen.String[Gen.Char["abc"], 1, 1], values)[0, 3].Select(members => new JsonObject(members.Select(m => new KeyValuePair<string, JsonNode?>(m.Key, m.Value?.DeepClone()))));
    }

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
