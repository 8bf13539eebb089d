using System.Text.Json;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Steps;

namespace DaprRollouts.Tests.Core;

public sealed class StepTextTests
{
    [Theory]
    [InlineData("""{"setWeight": 20}""", "setWeight: 20")]
    [InlineData("""{"setWeight": 0}""", "setWeight: 0")]
    [InlineData("""{"pause": {}}""", "pause")]
    [InlineData("""{"pause": {"duration": "3s"}}""", "pause: 3s")]
    [InlineData("""{"pause": {"duration": 3}}""", "pause: 3")]
    [InlineData("""{"experiment": {"templates": []}}""", "experiment")]
    [InlineData("""{"analysis": {"templates": []}}""", "analysis")]
    [InlineData("""{"setCanaryScale": {"replicas": 3}}""", "setCanaryScale{replicas: 3}")]
    [InlineData("""{"setCanaryScale": {"weight": 25}}""", "setCanaryScale{weight: 25}")]
    [InlineData("""{"setCanaryScale": {"matchTrafficWeight": true}}""", "setCanaryScale{matchTrafficWeight: true}")]
    [InlineData("""{"setHeaderRoute": {"name": "h"}}""", "setHeaderRoute: h")]
    [InlineData("""{"setMirrorRoute": {"name": "m"}}""", "setMirrorRoute: m")]
    [InlineData("""{"plugin": {"name": "p"}}""", "plugin: p")]
    [InlineData("{}", "invalid")]
    public void Events_name_steps_as_Argo_Rollouts_does(string step, string text) =>
        Assert.Equal(text, StepText.Of(JsonSerializer.Deserialize<CanaryStep>(step, ModelJson.Options)!));
}
